import type { IndexedPhoto } from '@heirloom/client';
import { withVault, type Context } from '../context.ts';
import { exitCodes, type CommandResult } from '../output/io.ts';
import { count, sizeText, table } from '../output/text.ts';

export interface LsOptions {
  album?: string;
}

/** When it was taken as the camera says, else when the file was changed last. */
const takenOf = ({ metadata }: IndexedPhoto): string | null =>
  metadata?.takenAt?.local ??
  (metadata?.modifiedAt === undefined ? null : new Date(metadata.modifiedAt).toISOString());

const byTime = (a: IndexedPhoto, b: IndexedPhoto) =>
  (takenOf(a) ?? '').localeCompare(takenOf(b) ?? '') || a.committedAt - b.committedAt;

/** `heirloom ls`: the photos of the library, or of an album. */
export async function lsCommand(context: Context, { album: name }: LsOptions): Promise<CommandResult> {
  return await withVault(context, async (vault) => {
    let index = vault.library;
    if (name === undefined) await vault.syncLibrary();
    else {
      await vault.syncAlbums();
      index = await vault.syncAlbum(await vault.albums.named(name));
    }
    const all = (await index.all()).sort(byTime);
    const damaged = all.filter((photo) => photo.problem !== null);
    const empty =
      name === undefined
        ? 'There are no photos yet. Store some with "heirloom backup PATH".'
        : `There are no photos in "${name}" yet.`;
    return {
      document: { photos: all.map(describe) },
      lines:
        all.length === 0
          ? [empty]
          : [...table(['id', 'taken', 'name', 'size', 'type'], all.map(rowOf)), count(all.length, 'photo')],
      remarks: damaged.map((photo) => `${photo.photo}: ${photo.problem}`),
      exitCode: damaged.length > 0 ? exitCodes.failed : exitCodes.ok,
    };
  });
}

function describe(photo: IndexedPhoto): Record<string, unknown> {
  const { metadata } = photo;
  return {
    id: photo.photo,
    version: photo.version,
    name: metadata?.name ?? null,
    takenAt: metadata?.takenAt ?? null,
    modifiedAt: metadata?.modifiedAt === undefined ? null : new Date(metadata.modifiedAt),
    size: metadata?.size ?? null,
    type: metadata?.mediaType ?? null,
    sha256: metadata ? Buffer.from(metadata.sha256).toString('hex') : null,
    width: metadata?.width ?? null,
    height: metadata?.height ?? null,
    camera: metadata?.camera ?? null,
    place: metadata?.place ?? null,
    thumbnail: metadata?.thumbnail ?? null,
    preview: metadata?.preview ?? null,
    object: photo.object,
    objectBytes: photo.objectBytes,
    problem: photo.problem,
  };
}

const rowOf = (photo: IndexedPhoto): string[] => [
  photo.photo,
  takenOf(photo)?.slice(0, 16).replace('T', ' ') ?? '',
  photo.metadata?.name ?? '(cannot be opened)',
  photo.metadata ? sizeText(photo.metadata.size) : '',
  photo.metadata?.mediaType ?? '',
];
