import {
  AppError,
  limits,
  notesRoutes,
  type FeedEntry,
  type LibraryId,
  type PhotoId,
  type PhotoNotes,
} from '@heirloom/contracts';
import { equalBytes, type Notes } from '@heirloom/formats';
import type { LocalSeal } from '../local/local-seal.ts';
import type { IndexRow, IndexStore } from '../local/ports.ts';
import { decodeNotesRow, emptyRow, encodeNotesRow, type NotesRow } from './notes-row.ts';
import { openNotes, signNotes, type NotesKeys } from './signed-notes.ts';

/** How often a write is merged with what another device wrote at the same time. */
const attempts = 8;

/** What a person keeps with a photo. */
export interface NotesOnPhoto {
  caption: string | null;
  favourite: boolean;
  hidden: boolean;
  /** Why the server's newest word is not believed; what is shown is the last that was proven. */
  problem: string | null;
}
/** Null takes a caption away; what is left out stays. */
export interface NotesChange {
  caption?: string | null;
  favourite?: boolean;
  hidden?: boolean;
}

/**
 * A person's notes on photos, of their own library and of albums: only they read them. Every record is signed by them and
 * counted, so a server can neither invent one nor show an older one for the newest unseen.
 */
export class NotesIndex {
  readonly #keys: NotesKeys;
  readonly #store: IndexStore;
  readonly #seal: LocalSeal;
  readonly #library: LibraryId;
  readonly #feed: string;

  constructor(keys: NotesKeys, store: IndexStore, seal: LocalSeal, library: LibraryId) {
    this.#keys = keys;
    this.#store = store;
    this.#seal = seal;
    this.#library = library;
    this.#feed = `notes/${library}`;
  }

  /** Null where there are none. */
  async get(photo: PhotoId): Promise<NotesOnPhoto | null> {
    const row = await this.#row(photo);
    return row && shownOf(row);
  }

  async all(): Promise<Map<PhotoId, NotesOnPhoto>> {
    return new Map((await this.#rows()).map((row) => [row.photo, shownOf(row)]));
  }

  /**
   * Changes the notes on photos, here and at the server. What another device changed meanwhile is merged: of each field
   * the last word counts.
   * @throws AppError `bad-request` for a caption that is too long, `not-found` for a photo that the person does not have,
   * `conflict` when others write without end.
   */
  async change(photos: readonly PhotoId[], change: NotesChange): Promise<void> {
    checkCaption(change.caption);
    for (let at = 0; at < photos.length; at += limits.notesPerRequest)
      await this.#changePage([...new Set(photos.slice(at, at + limits.notesPerRequest))], change);
  }

  /** Keeps what a page of the library's feed says, before the page counts as read. Safe to repeat. */
  async take(entries: readonly FeedEntry[]): Promise<void> {
    for (const entry of entries) if (entry.kind === 'notes') await this.#take(entry.notes);
  }

  /** The catalogue was rebuilt: what it lacks will be pushed again. */
  async doubtServer(): Promise<void> {
    for (const row of await this.#rows()) await this.#put({ ...row, serverRevision: 0, confirmed: false });
  }

  /** Gives the server what it lost. */
  async pushUnconfirmed(): Promise<void> {
    const lost = (await this.#rows()).filter(({ confirmed, record }) => !confirmed && record !== null);
    for (let at = 0; at < lost.length; at += limits.notesPerRequest)
      await this.#write(lost.slice(at, at + limits.notesPerRequest));
  }

  async #changePage(photos: readonly PhotoId[], change: NotesChange): Promise<void> {
    let left = photos;
    for (let attempt = 0; attempt < attempts && left.length > 0; attempt++) {
      const next = await Promise.all(left.map((photo) => this.#changed(photo, change)));
      left = await this.#write(next);
    }
    if (left.length > 0) throw new AppError('conflict');
  }

  async #changed(photo: PhotoId, change: NotesChange): Promise<NotesRow> {
    const row = (await this.#row(photo)) ?? emptyRow(photo);
    const notes = merged(row.notes ?? {}, change);
    const revision = Math.max(row.revision, row.serverRevision) + 1;
    const record = new Uint8Array(await signNotes(this.#keys, photo, revision, notes));
    return { ...row, revision, record, notes, problem: null };
  }

  /** Swaps what the server has. @returns the photos of which it has something else, which is known here afterwards */
  async #write(rows: readonly NotesRow[]): Promise<PhotoId[]> {
    const { results } = await this.#keys.account.http.call(notesRoutes.writeNotes, {
      body: {
        libraryId: this.#library,
        notes: rows.map(({ photo, revision, serverRevision, record }) => ({
          photoId: photo,
          revision,
          expected: serverRevision,
          record: record ?? new Uint8Array(),
        })),
      },
    });
    const again: PhotoId[] = [];
    for (const [i, row] of rows.entries()) {
      const result = results[i];
      if (result?.photoId !== row.photo) throw new Error('the server answered other notes than it was sent');
      if (result.status === 'stored')
        await this.#put({ ...row, serverRevision: row.revision, confirmed: true });
      else if (result.status === 'refused' && row.confirmed) throw new AppError(result.code ?? 'internal');
      else if (result.status === 'conflict') {
        if (result.current) await this.#take(result.current);
        else await this.#forgetServer(row.photo);
        again.push(row.photo);
      }
    }
    return again;
  }

  async #take(shown: PhotoNotes): Promise<void> {
    const known = (await this.#row(shown.photoId)) ?? emptyRow(shown.photoId);
    await this.#put(await this.#judge(known, shown));
  }

  async #judge(known: NotesRow, shown: PhotoNotes): Promise<NotesRow> {
    const row = { ...known, serverRevision: shown.revision };
    if (shown.revision === known.revision && known.record && equalBytes(shown.record, known.record))
      return { ...row, confirmed: true, problem: null };
    try {
      const notes = await openNotes(this.#keys, shown);
      const { revision } = shown;
      if (revision > known.revision)
        return {
          ...row,
          revision,
          record: new Uint8Array(shown.record),
          notes,
          confirmed: true,
          problem: null,
        };
      // Before a rebuilt catalogue has everything again it may show what is older.
      if (!known.confirmed) return row;
      const problem =
        revision < known.revision
          ? 'The server shows older notes on this photo than it showed before.'
          : 'The server shows two different notes on this photo under one number.';
      return { ...row, problem };
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      return { ...row, problem: error.message };
    }
  }

  async #forgetServer(photo: PhotoId): Promise<void> {
    await this.#put({ ...((await this.#row(photo)) ?? emptyRow(photo)), serverRevision: 0 });
  }

  async #row(photo: PhotoId): Promise<NotesRow | null> {
    const row = await this.#store.get(this.#feed, photo);
    return row && (await this.#open(row));
  }

  async #rows(): Promise<NotesRow[]> {
    return await Promise.all((await this.#store.all(this.#feed)).map((row) => this.#open(row)));
  }

  async #open({ id, sealed }: IndexRow): Promise<NotesRow> {
    return decodeNotesRow(await this.#seal.open(id, sealed));
  }

  async #put(row: NotesRow): Promise<void> {
    const sealed = await this.#seal.seal(row.photo, encodeNotesRow(row));
    await this.#store.put(this.#feed, { id: row.photo, contentKey: null, sealed });
  }
}

const shownOf = ({ notes, problem }: NotesRow): NotesOnPhoto => ({
  caption: notes?.caption ?? null,
  favourite: notes?.favourite ?? false,
  hidden: notes?.hidden ?? false,
  problem,
});

function merged(notes: Notes, { caption, favourite, hidden }: NotesChange): Notes {
  const next: Notes = { ...notes };
  if (caption !== undefined) delete next.caption;
  if (caption) next.caption = caption;
  if (favourite !== undefined) delete next.favourite;
  if (favourite) next.favourite = true;
  if (hidden !== undefined) delete next.hidden;
  if (hidden) next.hidden = true;
  return next;
}

function checkCaption(caption: string | null | undefined): void {
  if (!caption || (caption.length <= limits.captionCharacters && caption.isWellFormed())) return;
  throw new AppError('bad-request', {
    detail: `A caption has at most ${limits.captionCharacters} characters.`,
  });
}
