import { isMedia, streamMedia } from './media-stream.ts';
import { openRelease } from './release-cache.ts';
import { takeSharedFiles } from './shared-files.ts';

declare const self: ServiceWorkerGlobalScope;

/** The build writes the release and its files here. */
const release = openRelease('heirloom:release' as unknown as { release: string; files: string[] });

self.addEventListener('install', (event) => {
  event.waitUntil(release.fill());
});

// Pages of the release before may still load parts of it, so a newer one waits until a page says that it may begin.
self.addEventListener('message', (event) => {
  if (event.data === 'begin') event.waitUntil(self.skipWaiting());
});

self.addEventListener('activate', (event) => {
  event.waitUntil(release.forgetOthers().then(() => self.clients.claim()));
});

/** The services, and the staff's pages: not ours to keep. */
const isElsewhere = (pathname: string): boolean => /^\/(api|admin)(\/|$)/.test(pathname);

self.addEventListener('fetch', (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (origin !== self.location.origin || isElsewhere(pathname)) return;
  if (request.method === 'POST' && pathname === '/share-target') event.respondWith(takeSharedFiles(request));
  else if (request.method !== 'GET') return;
  else if (isMedia(pathname)) event.respondWith(streamMedia(request, event.clientId));
  else if (request.mode === 'navigate')
    event.respondWith(release.page(request, (work) => event.waitUntil(work)));
  else if (/^\/(assets|icons)\//.test(pathname)) event.respondWith(release.asset(request));
});
