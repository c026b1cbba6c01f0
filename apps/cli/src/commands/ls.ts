import type { PhotoId } from '@heirloom/contracts';
import type { IndexedPhoto, NotesOnPhoto } from '@heirloom/client';
import { withVault, type Context } from '../context.ts';
import { exitCodes, type CommandResult } from '../output/io.ts';
import { count, sizeText, table } from '../output/text.ts';

/** So much of a caption is shown in the list; all of it in JSON. */
const captionWidth = 60;

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
    // The notes come along with the person's own library.
    await vault.syncLibrary();
    if (name !== undefined) {
      await vault.syncAlbums();
      index = await vault.syncAlbum(await vault.albums.named(name));
    }
    const all = (await index.all()).sort(byTime);
    const notes = await vault.photoNotes.all();
    const damaged = all.filter((photo) => photo.problem !== null);
    const empty =
      name === undefined
        ? 'There are no photos yet. Store some with "heirloom backup PATH".'
        : `There are no photos in "${name}" yet.`;
    return {
      document: { photos: all.map((photo) => describe(photo, notes.get(photo.photo))) },
      lines: all.length === 0 ? [empty] : [...listing(all, notes), count(all.length, 'photo')],
      remarks: [
        ...damaged.map((photo) => `${photo.photo}: ${photo.problem}`),
        ...doubted(all, notes).map((photo) => `${photo}: ${notes.get(photo)?.problem}`),
      ],
      exitCode: damaged.length + doubted(all, notes).length > 0 ? exitCodes.failed : exitCodes.ok,
    };
  });
}

/** Photos whose newest caption or heart, as the server has it, is not believed. */
const doubted = (all: readonly IndexedPhoto[], notes: ReadonlyMap<string, NotesOnPhoto>): PhotoId[] =>
  all.map(({ photo }) => photo).filter((photo) => (notes.get(photo)?.problem ?? null) !== null);

function describe(photo: IndexedPhoto, notes: NotesOnPhoto | undefined): Record<string, unknown> {
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
    favourite: notes?.favourite ?? false,
    caption: notes?.caption ?? null,
    problem: photo.problem,
  };
}

const listing = (all: readonly IndexedPhoto[], notes: ReadonlyMap<string, NotesOnPhoto>): string[] =>
  table(
    ['id', 'taken', 'name', 'size', 'type', '♥', 'caption'],
    all.map((photo) => [...rowOf(photo), ...cellsOf(notes.get(photo.photo))]),
  );

const rowOf = (photo: IndexedPhoto): string[] => [
  photo.photo,
  takenOf(photo)?.slice(0, 16).replace('T', ' ') ?? '',
  photo.metadata?.name ?? '(cannot be opened)',
  photo.metadata ? sizeText(photo.metadata.size) : '',
  photo.metadata?.mediaType ?? '',
];

const cellsOf = (notes: NotesOnPhoto | undefined): string[] => [
  notes?.favourite ? '♥' : '',
  shortened(notes?.caption ?? ''),
];

/** A caption on one line. */
function shortened(caption: string): string {
  const letters = [...caption.replace(/\s+/g, ' ')];
  return letters.length <= captionWidth
    ? letters.join('')
    : `${letters.slice(0, captionWidth - 1).join('')}…`;
}
