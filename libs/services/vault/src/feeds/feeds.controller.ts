import { rowOf, type FamilyAbility } from '@heirloom/access';
import {
  AppError,
  vaultRoutes,
  type CollectionId,
  type Cursor,
  type FeedEntry,
  type PhotoId,
  type RouteInput,
  type RouteOutput,
} from '@heirloom/contracts';
import {
  beginning,
  decodeCursor,
  encodeCursor,
  OnRoute,
  type ChangePlace,
  type RequestContext,
} from '@heirloom/service-kit';
import { Controller } from '@nestjs/common';
import { toAlbumItem } from '../albums/album-item-row.ts';
import { Database } from '../database/database.ts';
import { readable } from '../database/readable.ts';
import { toPhotoNotes } from '../notes/notes.ts';
import { inTrashSince, isShown } from '../trash/in-trash.ts';
import { toVersion, withObject } from '../versions/version-row.ts';
import { CatalogueIncarnation } from './catalogue-incarnation.ts';
import { readChanges, takeBytes, type ChangeRow } from './read-changes.ts';

/** Trailers and metadata in one page; a page holds at least one entry, whatever its size. */
const pageBytes = 4 * 1024 * 1024;

@Controller()
export class FeedsController {
  constructor(
    private readonly db: Database,
    private readonly incarnation: CatalogueIncarnation,
  ) {}

  @OnRoute(vaultRoutes.feed)
  async read(
    { params: { collectionId }, query }: RouteInput<typeof vaultRoutes.feed>,
    context: RequestContext,
  ): Promise<RouteOutput<typeof vaultRoutes.feed>> {
    const maySee = (known: FamilyAbility) => isReadable(known, collectionId);
    const ability = await context.ability(maySee);
    if (!maySee(ability)) throw new AppError('not-found');
    const incarnation = await this.incarnation.read();
    const after = positionOf(query.cursor, incarnation);
    const changes = await readChanges(this.db, collectionId, after, query.limit + 1);
    const page = takeBytes(changes.slice(0, query.limit), pageBytes);
    const { xid, seq } = page.at(-1) ?? after;
    return {
      incarnation,
      entries: await this.#entries(ability, collectionId, page),
      cursor: encodeCursor({ incarnation, xid, seq }),
      more: page.length < changes.length,
    };
  }

  async #entries(
    ability: FamilyAbility,
    collectionId: CollectionId,
    page: ChangeRow[],
  ): Promise<FeedEntry[]> {
    const [versions, items, photos, notes] = await Promise.all([
      this.#versions(ability, idsOf(page, 'version', 'versionId')),
      this.#items(ability, collectionId, idsOf(page, 'item', 'photoId')),
      this.#photos(collectionId, idsOf(page, 'photo', 'photoId')),
      this.#notes(collectionId, idsOf(page, 'notes', 'photoId')),
    ]);
    return page.flatMap(({ kind, photoId, versionId }): FeedEntry[] => {
      if (kind === 'item_removed') return [{ kind: 'item-removed', photoId: photoId as PhotoId }];
      if (kind === 'photo')
        return [photos.get(photoId) ?? { kind: 'photo-removed', photoId: photoId as PhotoId }];
      if (kind === 'notes') return notes.get(photoId) ?? [];
      // An item that was taken out since has an entry of its own further on.
      const entry = kind === 'version' ? versions.get(versionId!) : items.get(photoId);
      return entry ? [entry] : [];
    });
  }

  async #versions(ability: FamilyAbility, ids: string[]): Promise<Map<string, FeedEntry>> {
    if (ids.length === 0) return new Map();
    const rows = await this.db.version.findMany({
      where: { AND: [readable(ability, 'Version'), isShown, { id: { in: ids } }] },
      include: withObject,
    });
    return new Map(rows.map((row) => [row.id, { kind: 'version', version: toVersion(row) }]));
  }

  async #notes(libraryId: string, ids: string[]): Promise<Map<string, FeedEntry[]>> {
    if (ids.length === 0) return new Map();
    const rows = await this.db.photoNotes.findMany({ where: { libraryId, photoId: { in: ids } } });
    return new Map(rows.map((row) => [row.photoId, [{ kind: 'notes', notes: toPhotoNotes(row) }]]));
  }

  /** Whether photos of the library are in the trash; those that are not to be seen are left out. */
  async #photos(libraryId: string, ids: string[]): Promise<Map<string, FeedEntry>> {
    if (ids.length === 0) return new Map();
    const rows = await this.db.photo.findMany({
      where: { libraryId, id: { in: ids }, emptiedAt: null },
      select: { id: true, trashedAt: true },
    });
    return new Map(
      rows.map(({ id, trashedAt }) => [
        id,
        { kind: 'trash', photoId: id as PhotoId, trashed: trashedAt && inTrashSince(trashedAt) },
      ]),
    );
  }

  async #items(ability: FamilyAbility, albumId: string, photoIds: string[]): Promise<Map<string, FeedEntry>> {
    if (photoIds.length === 0) return new Map();
    const rows = await this.db.albumItem.findMany({
      where: {
        AND: [readable(ability, 'AlbumItem'), { albumId, removed: false, photoId: { in: photoIds } }],
      },
      include: { version: { include: withObject } },
    });
    return new Map(
      rows.map((row) => [
        row.photoId,
        { kind: 'item', item: toAlbumItem(row), version: toVersion(row.version) },
      ]),
    );
  }
}

function isReadable(ability: FamilyAbility, collectionId: CollectionId): boolean {
  const isOwnLibrary = ability.can('read', rowOf('Library', { libraryId: collectionId }));
  const isOwnAlbum = ability.can('read', rowOf('Album', { albumId: collectionId }));
  return isOwnLibrary || isOwnAlbum;
}

function positionOf(cursor: Cursor | undefined, incarnation: string): ChangePlace {
  if (cursor === undefined) return beginning;
  const position = decodeCursor(cursor);
  if (position.incarnation === incarnation) return position;
  throw new AppError('gone', { detail: 'The catalogue was rebuilt. Begin again without a cursor.' });
}

const idsOf = (
  page: readonly ChangeRow[],
  kind: ChangeRow['kind'],
  key: 'versionId' | 'photoId',
): string[] => [...new Set(page.flatMap((change) => (change.kind === kind ? (change[key] ?? []) : [])))];
