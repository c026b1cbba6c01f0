import type { FamilyAbility } from '@heirloom/access';
import { photoNotesStatement } from '@heirloom/formats';
import { Injectable } from '@nestjs/common';
import {
  AppError,
  notesRoutes,
  type ErrorCode,
  type LibraryId,
  type PhotoId,
  type PhotoNotes,
  type RouteInput,
  type RouteOutput,
} from '@heirloom/contracts';
import { withRetry, type Person } from '@heirloom/service-kit';
import { Database, type Transaction } from '../database/database.ts';
import { readable } from '../database/readable.ts';

type NotesToWrite = RouteInput<typeof notesRoutes.writeNotes>['body']['notes'][number];
type Result = RouteOutput<typeof notesRoutes.writeNotes>['results'][number];

export const toPhotoNotes = (row: {
  photoId: string;
  revision: number;
  record: Uint8Array<ArrayBuffer>;
}): PhotoNotes => ({
  photoId: row.photoId as PhotoId,
  revision: row.revision,
  record: row.record,
});

/** What people keep with photos. The server sees that there is something and how long it is, and no more. */
@Injectable()
export class Notes {
  constructor(private readonly db: Database) {}

  /** One result for each, in their order. */
  async write(
    libraryId: LibraryId,
    notes: readonly NotesToWrite[],
    person: Person,
    ability: FamilyAbility,
  ): Promise<Result[]> {
    const seen = await this.#visible(notes, ability);
    const checked = await Promise.all(
      notes.map(async (one) => ({ one, code: await faultOf(one, libraryId, person, seen) })),
    );
    const good = checked.flatMap(({ one, code }) => (code === null ? [one] : []));
    const results = await withRetry(() => this.db.$transaction((tx) => swapAll(tx, libraryId, good)));
    return checked.map(({ one, code }) =>
      code === null ? results.get(one)! : { photoId: one.photoId, status: 'refused', current: null, code },
    );
  }

  async #visible(notes: readonly NotesToWrite[], ability: FamilyAbility): Promise<Set<string>> {
    const photos = await this.db.photo.findMany({
      where: {
        AND: [
          readable(ability, 'Photo'),
          { emptiedAt: null, id: { in: notes.map(({ photoId }) => photoId) } },
        ],
      },
      select: { id: true },
    });
    return new Set(photos.map(({ id }) => id));
  }
}

/** What is wrong with notes, that the server can see: it checks the signature, but knows nobody's keys. */
async function faultOf(
  { photoId, revision, expected, record }: NotesToWrite,
  libraryId: LibraryId,
  { accountId }: Person,
  seen: ReadonlySet<string>,
): Promise<ErrorCode | null> {
  if (!seen.has(photoId)) return 'not-found';
  try {
    const { value } = await photoNotesStatement.verify(record);
    const isSame =
      value.library === libraryId &&
      value.photo === photoId &&
      value.revision === revision &&
      value.author === accountId &&
      revision > expected;
    return isSame ? null : 'bad-request';
  } catch (error) {
    if (error instanceof AppError) return error.code;
    throw error;
  }
}

async function swapAll(
  tx: Transaction,
  libraryId: LibraryId,
  notes: readonly NotesToWrite[],
): Promise<Map<NotesToWrite, Result>> {
  const results = new Map<NotesToWrite, Result>();
  // One order for all transactions, so that no two wait for each other.
  const ordered = [...notes].sort((a, b) => (a.photoId < b.photoId ? -1 : a.photoId > b.photoId ? 1 : 0));
  for (const one of ordered) results.set(one, await swap(tx, libraryId, one));
  return results;
}

async function swap(
  tx: Transaction,
  libraryId: LibraryId,
  { photoId, revision, expected, record }: NotesToWrite,
): Promise<Result> {
  const written =
    expected === 0
      ? await tx.$executeRaw`
          INSERT INTO photo_notes (library_id, photo_id, revision, record)
          VALUES (${libraryId}::uuid, ${photoId}::uuid, ${revision}::integer, ${record}::bytea)
          ON CONFLICT (library_id, photo_id) DO NOTHING`
      : await tx.$executeRaw`
          UPDATE photo_notes SET revision = ${revision}::integer, record = ${record}::bytea, changed_at = now()
          WHERE library_id = ${libraryId}::uuid AND photo_id = ${photoId}::uuid AND revision = ${expected}::integer`;
  if (written > 0) {
    await tx.change.createMany({ data: [{ collectionId: libraryId, kind: 'notes', photoId }] });
    return { photoId, status: 'stored', current: null };
  }
  const row = await tx.photoNotes.findUnique({ where: { libraryId_photoId: { libraryId, photoId } } });
  const isRepeated = row?.revision === revision && Buffer.from(row.record).equals(record);
  if (isRepeated) return { photoId, status: 'stored', current: null };
  return { photoId, status: 'conflict', current: row && toPhotoNotes(row) };
}
