import { scriptUrl } from '../engine/trusted.ts';

/** Makes the app open without a network, and lets the browser install it. */
export function registerServiceWorker(): void {
  if (!('serviceWorker' in navigator)) return;
  // Without it everything works but opening offline, so a browser that refuses it is no error.
  navigator.serviceWorker
    .register(scriptUrl('/service-worker.js'), { type: 'module' })
    .catch(() => undefined);
}
