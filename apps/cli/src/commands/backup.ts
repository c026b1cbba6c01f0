import { limits } from '@heirloom/contracts';
import { addToAlbum, Uploader, type Album, type Vault } from '@heirloom/client';
import { BackupRun, type FileResult } from '../backup/backup-run.ts';
import { stampOf } from '../backup/read-file.ts';
import { withVault, type Context } from '../context.ts';
import { failureOf } from '../output/failure.ts';
import { exitCodes, Interrupted, type CommandResult } from '../output/io.ts';
import { Progress } from '../output/progress.ts';
import { count, printable } from '../output/text.ts';
import { walk, type SourceFile } from '../photos/walk.ts';
import type { ProfileOnDisk } from '../profile/profile.ts';

export interface BackupOptions {
  album?: string;
}

interface Found {
  files: SourceFile[];
  bytes: number;
  unreadable: FileResult[];
}

/** `heirloom backup`: stores files and everything below folders; what is stored already is left alone. */
export async function backupCommand(
  context: Context,
  paths: readonly string[],
  options: BackupOptions,
): Promise<CommandResult> {
  const found = await findFiles(paths, context);
  return await withVault(context, async (vault, profile) => {
    await vault.syncAlbums();
    await vault.syncLibrary();
    const results = [...found.unreadable, ...(await store(context, vault, profile, found))];
    const album =
      options.album === undefined ? null : await fillAlbum(context, vault, options.album, results);
    return report(results, album, context.io.signal.aborted);
  });
}

async function findFiles(paths: readonly string[], { io }: Context): Promise<Found> {
  const found: Found = { files: [], bytes: 0, unreadable: [] };
  for await (const one of walk(paths)) {
    if (io.signal.aborted) throw new Interrupted();
    if (one.kind === 'file') {
      found.files.push(one.file);
      found.bytes += await stampOf(one.file).then(
        ({ size }) => size,
        () => 0,
      );
    } else {
      const failure = { code: 'file-system', message: one.reason } as const;
      found.unreadable.push({ file: one.shown, status: 'failed', failure });
    }
  }
  return found;
}

async function store(
  { io }: Context,
  vault: Vault,
  profile: ProfileOnDisk,
  found: Found,
): Promise<FileResult[]> {
  const { journal, seenFiles } = profile.database;
  await journal.sweep(Date.now() - 2 * limits.uploadIdleMs);
  const stop = new AbortController();
  const interrupt = () => stop.abort(new Interrupted());
  if (io.signal.aborted) interrupt();
  io.signal.addEventListener('abort', interrupt, { once: true });
  using progress = new Progress(io, 'Storing', { bytes: found.bytes, items: found.files.length });
  const uploader = new Uploader(vault, { journal, signal: stop.signal });
  return await new BackupRun({ vault, uploader, seenFiles, progress, stop }).run(found.files);
}

interface AlbumResult {
  album: Album | null;
  name: string;
  added: number;
  failure: string | null;
}

/** Puts everything that is stored into the album. */
async function fillAlbum(
  { io }: Context,
  vault: Vault,
  name: string,
  results: readonly FileResult[],
): Promise<AlbumResult> {
  const photos = new Map(
    results.flatMap((one) => (one.status === 'failed' ? [] : [[one.photo.photo, one.photo]])),
  );
  try {
    if (io.signal.aborted) throw new Interrupted();
    const known = (await vault.albums.list()).some((album) => album.name === name.trim());
    const album = known ? await vault.albums.named(name.trim()) : await vault.albums.create(name);
    const added = await addToAlbum(vault, album, [...photos.values()]);
    return { album, name, added, failure: null };
  } catch (error) {
    return { album: null, name, added: 0, failure: failureOf(error).message };
  }
}

function report(
  results: readonly FileResult[],
  album: AlbumResult | null,
  interrupted: boolean,
): CommandResult {
  const kept = results.filter((one) => one.status !== 'failed');
  const stored = kept.filter((one) => one.status === 'stored');
  const restored = kept.filter((one) => one.status === 'restored');
  const there = kept.filter((one) => one.status === 'already-there');
  const failed = results.filter((one) => one.status === 'failed');
  const remarks = failed
    .filter((one) => one.failure.code !== 'interrupted')
    .map((one) => `${printable(one.file)}: ${one.failure.message}`);
  if (album?.failure) remarks.push(`The album "${printable(album.name)}" was not filled: ${album.failure}`);
  if (interrupted)
    remarks.push('Interrupted. What is stored stays stored; run the same command again to go on.');
  const isWhole = failed.length === 0 && !album?.failure;
  return {
    document: {
      stored: stored.map(({ file, photo, copies }) => ({
        file,
        id: photo.photo,
        version: photo.version,
        copies,
      })),
      restored: restored.map(({ file, photo }) => ({ file, id: photo.photo, version: photo.version })),
      alreadyThere: there.map(({ file, photo }) => ({ file, id: photo.photo, version: photo.version })),
      failed: failed.map(({ file, failure }) => ({ file, code: failure.code, reason: failure.message })),
      album: album && {
        id: album.album?.albumId ?? null,
        name: album.name,
        added: album.added,
        problem: album.failure,
      },
      counts: {
        stored: stored.length,
        restored: restored.length,
        alreadyThere: there.length,
        failed: failed.length,
      },
      interrupted,
    },
    lines: [
      `${count(stored.length, 'photo')} stored, ${count(there.length + restored.length, 'photo')} already there, ${failed.length} failed.`,
      ...(restored.length > 0
        ? [
            `${count(restored.length, 'photo')} of them lay in the trash and ${restored.length === 1 ? 'was' : 'were'} restored.`,
          ]
        : []),
      ...(album?.album ? [`${count(album.added, 'photo')} added to "${printable(album.name)}".`] : []),
    ],
    remarks,
    exitCode: interrupted ? exitCodes.interrupted : isWhole ? exitCodes.ok : exitCodes.failed,
  };
}
