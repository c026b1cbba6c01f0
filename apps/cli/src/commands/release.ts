import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { checkServed, compareReleases, readRelease, serverOrigin, type ReleaseFault } from '@heirloom/client';
import { AppError, release, type ReleaseFile } from '@heirloom/contracts';
import type { Context } from '../context.ts';
import { exitCodes, type CommandResult } from '../output/io.ts';
import { count, printable } from '../output/text.ts';

export interface ReleaseOptions {
  server: string;
  against?: string;
  allowHttp?: boolean;
}

/** The pages that were built together with this program. */
const builtPages = fileURLToPath(new URL('../../../web/dist/site/', import.meta.url));

const sentences: Record<ReleaseFault['fault'], string> = {
  'not-as-announced': 'is sent with other bytes than the server announces',
  changed: 'differs from the release',
  added: 'is not part of the release',
  missing: 'is missing',
};

/** `heirloom release check`: whether a server serves the web pages that it should. */
export async function checkReleaseCommand(
  _context: Context,
  options: ReleaseOptions,
): Promise<CommandResult> {
  const server = serverOrigin(options.server, { allowHttp: options.allowHttp ?? false });
  const trusted = await trustedFiles(options.against);
  const announced = await readRelease(server);
  const faults = [
    ...(await checkServed(server, announced)),
    ...(trusted ? compareReleases(announced, { files: trusted.files }) : []),
  ];
  const document = {
    server,
    version: announced.version,
    against: trusted?.from ?? null,
    files: announced.files,
    faults,
  };
  const lines = faults.map(({ path: file, fault }) => `${printable(file)} ${sentences[fault]}.`);
  return {
    document,
    lines: [...lines, verdict(faults.length, announced.files.length, trusted?.from ?? null)],
    exitCode: faults.length > 0 ? exitCodes.failed : exitCodes.ok,
  };
}

function verdict(faults: number, files: number, against: string | null): string {
  if (faults > 0)
    return 'These are not the web pages of the release. Do not type a password into them before you know why.';
  const all = count(files, 'file');
  return against === null
    ? `${all}: each is what the server announces. Nothing to compare them with was given; use --against.`
    : `${all}: each is the same as in ${against}.`;
}

async function trustedFiles(
  file: string | undefined,
): Promise<{ files: ReleaseFile[]; from: string } | null> {
  if (file !== undefined) return { files: await readList(file), from: file };
  const files = await readPages(builtPages);
  return files.length === 0 ? null : { files, from: 'the pages that were built with this program' };
}

async function readList(file: string): Promise<ReleaseFile[]> {
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new AppError('not-found', { detail: `${file} cannot be read.`, cause });
  });
  try {
    return release.pick({ files: true }).parse(JSON.parse(text)).files;
  } catch (cause) {
    throw new AppError('bad-request', {
      detail: `${file} is not the list of a release, as "heirloom release check --json" prints it.`,
      cause,
    });
  }
}

async function readPages(folder: string): Promise<ReleaseFile[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  const files = entries.filter((entry) => entry.isFile() && !entry.name.endsWith('.br'));
  return await Promise.all(
    files.map(async ({ parentPath, name }) => {
      const full = path.join(parentPath, name);
      const body = await readFile(full);
      const sha256 = createHash('sha256').update(body).digest('hex');
      return {
        path: `/${path.relative(folder, full).split(path.sep).join('/')}`,
        sha256,
        bytes: body.length,
      };
    }),
  );
}
