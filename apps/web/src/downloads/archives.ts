import type { EngineContext } from '../engine/engine-context.ts';
import { inMemory } from '../lightbox/in-memory.ts';
import type { MediaTokens } from '../lightbox/media-tokens.ts';
import { photosOf } from '../media/media-engine.ts';
import type { PhotoRef } from '../media/photo-list.ts';
import { ArchiveRun, type ArchiveEntry, type ArchiveNews, type ReportText } from './archive-run.ts';

/** Photos to save together: some, or all of a collection. */
export type ArchiveContents = readonly PhotoRef[] | { collection: string };

export interface ArchiveRequest {
  contents: ArchiveContents;
  /** Of the archive. */
  name: string;
  report: ReportText;
}

export interface OpenedArchive {
  token: string;
  files: number;
  /** Of all originals together. */
  bytes: number;
}

/** Originals of many photos as one file to save. */
export function archives(context: EngineContext, tokens: MediaTokens) {
  const runs = new Map<string, ArchiveRun>();
  const stop = (token: string) => {
    tokens.revoke(token);
    runs.get(token)?.stop();
    runs.delete(token);
  };
  context.listen((topics) => topics.includes('session') && [...runs.keys()].forEach(stop));
  return {
    /** @param hear - how far it is, some times a second and at its end */
    openArchive: async (
      request: ArchiveRequest,
      hear: (news: ArchiveNews) => void,
    ): Promise<OpenedArchive> => {
      // Whoever signed a photo may have come into the family just now.
      await context.vault();
      const entries = await entriesOf(context, request.contents);
      const run = new ArchiveRun(context, { ...request, entries }, hear);
      const token = tokens.issue({ answer: run.answer, onFault: run.fail });
      runs.set(token, run);
      return { token, files: entries.length, bytes: run.allBytes };
    },
    stopArchive: async (token: string): Promise<void> => stop(token),
    /** Where there is no service worker. @throws AppError `too-large`, or why it could not be read */
    archiveInMemory: async (token: string): Promise<Blob> => {
      const run = runs.get(token);
      if (!run) return new Blob();
      try {
        return await inMemory(run.pieces(await context.vault()), run.allBytes, 'application/zip');
      } catch (error) {
        run.fail(error);
        throw error;
      }
    },
  };
}

/** What is known of the photos here; a photo that has gone meanwhile is still named. */
async function entriesOf(context: EngineContext, contents: ArchiveContents): Promise<ArchiveEntry[]> {
  if (!Array.isArray(contents)) {
    const { collection } = contents as { collection: string };
    return (await photosOf(context, collection)).map((entry) => ({ ...entry, collection }));
  }
  const refs = contents as readonly PhotoRef[];
  const known = new Map<string, ArchiveEntry>();
  for (const collection of new Set(refs.map((ref) => ref.collection)))
    for (const entry of await photosOf(context, collection))
      known.set(`${collection}/${entry.photo}`, { ...entry, collection });
  return refs.map((ref) => known.get(`${ref.collection}/${ref.photo}`) ?? { ...ref, name: '', bytes: 0 });
}
