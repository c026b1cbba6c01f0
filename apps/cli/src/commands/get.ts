import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { AppError } from '@heirloom/contracts';
import { downloadOriginal, type IndexedPhoto, type Vault } from '@heirloom/client';
import { withVault, type Context } from '../context.ts';
import { failureOf, type Failure } from '../output/failure.ts';
import { exitCodes, Interrupted, type CommandResult } from '../output/io.ts';
import { Progress } from '../output/progress.ts';
import { count, printable } from '../output/text.ts';
import { RestoreFolder, type WantedFile } from '../restore/place-file.ts';
import { eachOf } from './each.ts';
import { indexOf } from './photo-index.ts';
import { pickById } from './pick.ts';

export interface GetOptions {
  all?: boolean;
  album?: string;
  to: string;
}

/** Photos that are fetched at the same time. */
const fetching = 3;

type Restored = { photo: IndexedPhoto } & (
  { status: 'restored' | 'kept'; file: string; bytes: number } | { status: 'failed'; failure: Failure }
);

/**
 * `heirloom get`: writes originals of the library or of an album into a folder, as they were.
 * JSON: `{to, restored: [{id, file, bytes, sha256}], kept: [the same], failed: [{id, name, code, reason}], counts,
 * interrupted}`
 */
export async function getCommand(
  context: Context,
  ids: readonly string[],
  options: GetOptions,
): Promise<CommandResult> {
  if ((options.all ?? false) === ids.length > 0) {
    throw new AppError('bad-request', { detail: 'Name the photos by their ids, or all of them with --all.' });
  }
  return await withVault(context, async (vault) => {
    const all = await (await indexOf(vault, options.album)).all();
    const wanted = options.all
      ? all
      : [...new Set(ids.map((id) => pickById(all, (photo) => photo.photo, id, 'photo')))];
    const to = path.resolve(options.to);
    await mkdir(to, { recursive: true });
    const folder = new RestoreFolder(to);
    await folder.sweep();
    return report(await restore(context, vault, folder, wanted), to, context.io.signal.aborted);
  });
}

async function restore(
  { io }: Context,
  vault: Vault,
  folder: RestoreFolder,
  photos: readonly IndexedPhoto[],
): Promise<Restored[]> {
  const results: Restored[] = [];
  const bytes = photos.reduce((sum, photo) => sum + (photo.metadata?.size ?? 0), 0);
  using progress = new Progress(io, 'Fetching', { bytes, items: photos.length });
  await eachOf(photos, fetching, async (photo) => {
    try {
      if (io.signal.aborted) throw new Interrupted();
      results.push(await restoreOne(io.signal, vault, folder, photo, progress));
    } catch (error) {
      const failure = failureOf(io.signal.aborted ? new Interrupted() : error);
      results.push({ photo, status: 'failed', failure });
    }
    progress.itemDone();
  });
  return results;
}

async function restoreOne(
  signal: AbortSignal,
  vault: Vault,
  folder: RestoreFolder,
  photo: IndexedPhoto,
  progress: Progress,
): Promise<Restored> {
  const { metadata } = photo;
  if (!metadata) throw new AppError('damaged', { detail: photo.problem ?? 'This photo cannot be opened.' });
  const wanted: WantedFile = {
    name: metadata.name,
    bytes: metadata.size,
    sha256: metadata.sha256,
    modifiedAtMs: metadata.modifiedAt,
  };
  const chosen = await folder.choose(wanted);
  if (chosen.kept) {
    progress.add(wanted.bytes);
    return { photo, status: 'kept', file: chosen.path, bytes: wanted.bytes };
  }
  const content = counted(downloadOriginal(vault, photo, { signal }), (n) => progress.add(n));
  const file = await folder.write(chosen.path, photo.version, content, wanted);
  return { photo, status: 'restored', file, bytes: wanted.bytes };
}

async function* counted(source: AsyncIterable<Uint8Array>, onBytes: (n: number) => void) {
  for await (const piece of source) {
    onBytes(piece.length);
    yield piece;
  }
}

function report(results: readonly Restored[], to: string, interrupted: boolean): CommandResult {
  const good = results.filter((one) => one.status !== 'failed');
  const restored = good.filter((one) => one.status === 'restored');
  const kept = good.filter((one) => one.status === 'kept');
  const failed = results.filter((one) => one.status === 'failed');
  const remarks = failed
    .filter((one) => one.failure.code !== 'interrupted')
    .map((one) => `${printable(one.photo.metadata?.name ?? one.photo.photo)}: ${one.failure.message}`);
  if (interrupted) remarks.push('Interrupted. Run the same command again to go on: finished files are kept.');
  const placed = ({ photo, file, bytes }: { photo: IndexedPhoto; file: string; bytes: number }) => ({
    id: photo.photo,
    file,
    bytes,
    sha256: photo.metadata && Buffer.from(photo.metadata.sha256).toString('hex'),
  });
  return {
    document: {
      to,
      restored: restored.map(placed),
      kept: kept.map(placed),
      failed: failed.map(({ photo, failure }) => ({
        id: photo.photo,
        name: photo.metadata?.name ?? null,
        code: failure.code,
        reason: failure.message,
      })),
      counts: { restored: restored.length, kept: kept.length, failed: failed.length },
      interrupted,
    },
    lines:
      results.length === 0
        ? ['There are no photos to fetch.']
        : [
            `${count(restored.length, 'photo')} written to ${to}, ${kept.length} there already, ${failed.length} failed.`,
          ],
    remarks,
    exitCode: interrupted ? exitCodes.interrupted : failed.length === 0 ? exitCodes.ok : exitCodes.failed,
  };
}
