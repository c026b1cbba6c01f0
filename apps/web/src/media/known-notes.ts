import type { NotesOnPhoto } from '@heirloom/client';
import type { EngineContext } from '../engine/engine-context.ts';
import type { GalleryEntry } from './gallery-entry.ts';

/** The person's notes on their photos, opened once and again when some changed. */
export async function knownNotes(context: EngineContext): Promise<ReadonlyMap<string, NotesOnPhoto>> {
  context.notes ??= context.vaultAtHand().then((vault) => vault.photoNotes.all());
  const asked = context.notes;
  return await asked.catch((error: unknown) => {
    if (context.notes === asked) context.notes = null;
    throw error;
  });
}

/** Entries with what the person noted on them. */
export const withNotes = (
  entries: readonly GalleryEntry[],
  notes: ReadonlyMap<string, NotesOnPhoto>,
): readonly GalleryEntry[] =>
  notes.size === 0
    ? entries
    : entries.map((entry) => {
        const note = notes.get(entry.photo);
        return note ? { ...entry, isFavourite: note.favourite, caption: note.caption ?? '' } : entry;
      });
