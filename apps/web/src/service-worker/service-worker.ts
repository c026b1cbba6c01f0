import { openRelease } from './release-cache.ts';
import { takeSharedFiles } from './shared-files.ts';

declare const self: ServiceWorkerGlobalScope;

/** The build writes the release and its files here. */
const release = openRelease('heirloom:release' as unknown as { release: string; files: string[] });

self.addEventListener('install', (event) => {
  event.waitUntil(release.fill().then(() => self.skipWaiting()));
});

self.addEventListener('activate', (event) => {
  event.waitUntil(release.forgetOthers().then(() => self.clients.claim()));
});

self.addEventListener('fetch', (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (origin !== self.location.origin || pathname.startsWith('/api/')) return;
  if (request.method === 'POST' && pathname === '/share-target') event.respondWith(takeSharedFiles(request));
  else if (request.method !== 'GET') return;
  else if (request.mode === 'navigate') event.respondWith(release.page(request));
  else if (pathname.startsWith('/assets/')) event.respondWith(release.asset(request));
});
