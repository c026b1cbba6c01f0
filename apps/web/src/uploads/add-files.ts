import { ask } from '../engine/use-engine.ts';
import type { NewFile } from './queued-file.ts';

/** Files that are handed to the engine at once. */
const portion = 100;

/** Puts files into the queue. @returns how many of them this tab holds alone, since there was no room to keep them */
export async function addFiles(
  files: readonly NewFile[],
  albumId: string | null,
): Promise<{ loose: number }> {
  // So that the browser does not clear what waits when it is short of room. It may say no, and mostly asks nobody.
  void navigator.storage.persist?.().catch(() => false);
  let loose = 0;
  for (let at = 0; at < files.length; at += portion) {
    const some = files.slice(at, at + portion);
    loose += (await ask((engine) => engine.uploads.add(some, albumId))).loose;
  }
  return { loose };
}
