import { proxy } from 'comlink';
import { goToAttachment } from '../app/leaving.ts';
import { saveBlob } from '../app/save-file.ts';
import { EngineError } from '../engine/errors.ts';
import { ask, onEngineLost } from '../engine/use-engine.ts';
import { hasServiceWorker, streamAddress } from '../lightbox/media-address.ts';
import type { ArchiveNews } from './archive-run.ts';
import type { ArchiveRequest } from './archives.ts';

/** Photos that are being saved together, or were. */
export interface Saving extends Omit<ArchiveNews, 'fault'> {
  id: string;
  /** Of the file that is saved. */
  fileName: string;
  allFiles: number;
  allBytes: number;
  fault: EngineError | null;
  stop: () => void;
}

let all: readonly Saving[] = [];
const hearers = new Set<() => void>();

/** All of this tab, for `useSyncExternalStore`. */
export const savings = {
  now: (): readonly Saving[] => all,
  listen: (hear: () => void): (() => void) => {
    hearers.add(hear);
    return () => hearers.delete(hear);
  },
  forget: (id: string): void => set(all.filter((one) => one.id !== id)),
};

function set(next: readonly Saving[]): void {
  all = next;
  for (const hear of hearers) hear();
}

const change = (id: string, news: Partial<Saving>): void =>
  set(all.map((one) => (one.id === id ? { ...one, ...news } : one)));

// Nothing more is heard of those that the browser cut off with the engine.
onEngineLost(() => set(all.map((one) => (one.state === 'running' ? { ...one, state: 'stopped' } : one))));

/**
 * Saves originals as one file, without holding them in memory where there is a service worker. How far it is stands in
 * {@link savings}.
 * @throws EngineError when it cannot begin, `too-large` among others where there is no service worker
 */
export async function savePhotos(request: ArchiveRequest): Promise<void> {
  let id = '';
  let close = () => undefined as void;
  const hear = proxy(({ fault, ...news }: ArchiveNews) => {
    change(id, { ...news, fault: fault && new EngineError(fault) });
    if (news.state !== 'running') close();
  });
  const opened = await ask((engine) => engine.lightbox.openArchive(request, hear));
  const { token } = opened;
  const stop = () => void ask((engine) => engine.lightbox.stopArchive(token));
  id = token;
  const fileName = `${request.name}.zip`;
  const begun = { state: 'running', files: 0, bytes: 0, leftOut: [], fault: null } as const;
  const sizes = { allFiles: opened.files, allBytes: opened.bytes };
  // What has ended was seen by whoever begins the next.
  const running = all.filter(({ state }) => state === 'running');
  set([...running, { id, fileName, ...begun, leftOut: [], ...sizes, stop }]);
  if (await hasServiceWorker()) {
    const address = streamAddress(token, () => ask((engine) => engine.lightbox.stopArchive(token)));
    close = address.close;
    return goToAttachment(address.url);
  }
  try {
    saveBlob(fileName, await ask((engine) => engine.lightbox.archiveInMemory(token)));
  } catch (error) {
    savings.forget(id);
    throw error;
  }
}
