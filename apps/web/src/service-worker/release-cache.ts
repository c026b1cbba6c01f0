/** How long a page waits for the server before the kept one is shown. */
const patienceMs = 3_000;
const prefix = 'heirloom-release-';

/** The files of this release, kept in the browser so that the app opens without a network. */
export function openRelease({ release, files }: { release: string; files: readonly string[] }) {
  const name = prefix + release;
  const kept = async () => await caches.open(name);
  /** Fetches what every visit needs. All of it or nothing. */
  const fill = async (): Promise<void> => {
    await (await kept()).addAll(files.map((file) => new Request(file, { cache: 'no-cache' })));
  };
  /** The browser may have cleared what was kept, when it ran out of room. A newer release keeps its own files. */
  const heal = async (): Promise<void> => {
    if (await (await kept()).match('/')) return;
    await fill().catch(() => undefined);
  };
  return {
    fill,
    forgetOthers: async (): Promise<void> => {
      const names = await caches.keys();
      await Promise.all(
        names.filter((one) => one.startsWith(prefix) && one !== name).map((one) => caches.delete(one)),
      );
    },
    /**
     * The newest page that the server has, or the kept one when it does not answer soon.
     * @param later - takes work that goes on when the page is there
     */
    page: async (request: Request, later: (work: Promise<unknown>) => void): Promise<Response> => {
      const late = AbortSignal.timeout(patienceMs);
      try {
        const fresh = await fetch(request.url, { signal: late, headers: request.headers });
        if (fresh.status < 500) {
          later(heal());
          return fresh;
        }
      } catch {
        // No network: the kept page tells the rest.
      }
      return (await (await kept()).match('/')) ?? Response.error();
    },
    /** Named by its content, so the kept one is always right. What is loaded for the first time is kept from then on. */
    asset: async (request: Request): Promise<Response> => {
      const cache = await kept();
      const known = await cache.match(request.url);
      if (known) return known;
      const fresh = await fetch(request);
      if (fresh.ok) await cache.put(request.url, fresh.clone());
      return fresh;
    },
  };
}
