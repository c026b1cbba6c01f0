import { AppError, type PhotoId } from '@heirloom/contracts';
import { emptyTrash, restorePhotos, trashPhotos, type IndexedPhoto } from '@heirloom/client';
import { withVault, type Context } from '../context.ts';
import { exitCodes, type CommandResult } from '../output/io.ts';
import { count, sizeText, table } from '../output/text.ts';
import { pickById } from './pick.ts';

export interface EmptyTrashOptions {
  yes?: boolean;
}

const dayOf = (ms: number | undefined): string =>
  ms === undefined ? '' : new Date(ms).toISOString().slice(0, 10);
const momentOf = (ms: number | undefined): string | null =>
  ms === undefined ? null : new Date(ms).toISOString();

/** @throws AppError `bad-request` when none is named, `not-found`, `conflict` */
function pick(all: readonly IndexedPhoto[], ids: readonly string[], what: string): PhotoId[] {
  if (ids.length === 0)
    throw new AppError('bad-request', { detail: `Name the photos by their ids: "heirloom ${what}".` });
  return [...new Set(ids.map((id) => pickById(all, (photo) => photo.photo, id, 'photo').photo))];
}

/**
 * `heirloom trash PHOTO...`
 * JSON: `{trashed: [{id, status, trashedAt, keptUntil}]}`
 */
export async function trashCommand(context: Context, ids: readonly string[]): Promise<CommandResult> {
  return await withVault(context, async (vault) => {
    await vault.syncLibrary();
    const everything = [...(await vault.library.all()), ...(await vault.library.trashed())];
    const results = await trashPhotos(vault, pick(everything, ids, 'trash PHOTO...'));
    const missing = results.filter(({ status }) => status === 'not-found');
    const kept = results.flatMap(({ trashed }) => (trashed ? [trashed.keptUntil.getTime()] : []));
    return {
      document: {
        trashed: results.map(({ photoId, status, trashed }) => ({ id: photoId, status, ...trashed })),
      },
      lines: [
        `${count(kept.length, 'photo')} in the trash, out of all albums. Nothing is deleted before ${dayOf(Math.min(...kept))}; "heirloom restore" brings back.`,
      ],
      remarks: missing.map(({ photoId }) => `${photoId}: it is gone already.`),
      exitCode: missing.length > 0 ? exitCodes.failed : exitCodes.ok,
    };
  });
}

/**
 * `heirloom restore PHOTO...`
 * JSON: `{restored: [{id, status}]}`
 */
export async function restoreCommand(context: Context, ids: readonly string[]): Promise<CommandResult> {
  return await withVault(context, async (vault) => {
    await vault.syncLibrary();
    const everything = [...(await vault.library.trashed()), ...(await vault.library.all())];
    const results = await restorePhotos(vault, pick(everything, ids, 'restore PHOTO...'));
    const failed = results.filter(({ status }) => status === 'gone' || status === 'not-found');
    const restored = results.filter(({ status }) => status === 'restored');
    return {
      document: { restored: results.map(({ photoId, status }) => ({ id: photoId, status })) },
      lines: [
        `${count(restored.length, 'photo')} restored, into ${restored.length === 1 ? 'its' : 'their'} albums too.`,
      ],
      remarks: failed.map(({ photoId }) => `${photoId}: it has been deleted for good.`),
      exitCode: failed.length > 0 ? exitCodes.failed : exitCodes.ok,
    };
  });
}

/**
 * `heirloom trash ls`
 * JSON: `{photos: [{id, name, size, trashedAt, keptUntil}]}`
 */
export async function listTrashCommand(context: Context): Promise<CommandResult> {
  return await withVault(context, async (vault) => {
    await vault.syncLibrary();
    const all = await vault.library.trashed();
    return {
      document: {
        photos: all.map(({ photo, metadata, trashedAt, keptUntil }) => ({
          id: photo,
          name: metadata?.name ?? null,
          size: metadata?.size ?? null,
          trashedAt: momentOf(trashedAt),
          keptUntil: momentOf(keptUntil),
        })),
      },
      lines: all.length === 0 ? ['The trash is empty.'] : [...listing(all), count(all.length, 'photo')],
      remarks: [],
      exitCode: exitCodes.ok,
    };
  });
}

const listing = (all: readonly IndexedPhoto[]): string[] =>
  table(
    ['id', 'name', 'size', 'trashed', 'kept until'],
    all.map(({ photo, metadata, trashedAt, keptUntil }) => [
      photo,
      metadata?.name ?? '(cannot be opened)',
      metadata ? sizeText(metadata.size) : '',
      dayOf(trashedAt),
      dayOf(keptUntil),
    ]),
  );

/**
 * `heirloom trash empty --yes`
 * JSON: `{emptied}`
 */
export async function emptyTrashCommand(
  context: Context,
  { yes }: EmptyTrashOptions,
): Promise<CommandResult> {
  return await withVault(context, async (vault) => {
    await vault.syncLibrary();
    const all = await vault.library.trashed();
    if (!yes && all.length > 0) throw new AppError('bad-request', { detail: questionOf(all) });
    // What was on the list, and not what somebody has put there since.
    const emptied =
      all.length === 0
        ? 0
        : await emptyTrash(
            vault,
            all.map(({ photo }) => photo),
          );
    return {
      document: { emptied },
      lines:
        emptied === 0
          ? ['The trash is empty.']
          : [
              `${count(emptied, 'photo')} emptied from the trash. The server deletes each when its time has come.`,
            ],
      remarks: [],
      exitCode: exitCodes.ok,
    };
  });
}

const questionOf = (all: readonly IndexedPhoto[]): string =>
  `This hides ${count(all.length, 'photo')} and lets the server delete them for good. Look at "heirloom trash ls", then say "heirloom trash empty --yes".`;
