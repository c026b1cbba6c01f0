const hourMs = 3600_000;

/**
 * Looks for a newer release when somebody comes back to the page, at most once an hour: a page that stays open for weeks would
 * not hear of it otherwise.
 * @param onReady - hears of one that is fetched and waits; `begin` lets it take over, and all tabs then belong to it
 * @returns what ends it
 */
export function watchReleases(onReady: (begin: () => void) => void): () => void {
  const { serviceWorker } = navigator as Partial<Pick<Navigator, 'serviceWorker'>>;
  if (!serviceWorker) return () => undefined;
  const stop = new AbortController();
  const { signal } = stop;
  const told = new WeakSet<ServiceWorker>();
  const tell = ({ waiting }: ServiceWorkerRegistration) => {
    // The very first one replaces nothing.
    if (!waiting || !serviceWorker.controller || told.has(waiting) || signal.aborted) return;
    told.add(waiting);
    onReady(() => {
      serviceWorker.addEventListener('controllerchange', () => window.location.reload(), { once: true });
      waiting.postMessage('begin');
    });
  };
  void serviceWorker.ready.then((registration) => {
    tell(registration);
    registration.addEventListener(
      'updatefound',
      () => {
        const fresh = registration.installing;
        fresh?.addEventListener('statechange', () => tell(registration), { signal });
      },
      { signal },
    );
    let lookedAt = Date.now();
    const look = () => {
      if (document.visibilityState !== 'visible' || Date.now() - lookedAt < hourMs) return;
      lookedAt = Date.now();
      // Without a network there is nothing newer.
      registration.update().catch(() => undefined);
    };
    document.addEventListener('visibilitychange', look, { signal });
  });
  return () => stop.abort();
}
