import { randomInt } from 'node:crypto';
import { AppError, type Checks } from '@heirloom/contracts';
import {
  askForCopies,
  readChecks,
  verifyPhoto,
  type CopyReport,
  type IndexedPhoto,
  type Vault,
} from '@heirloom/client';
import { withVault, type Context } from '../context.ts';
import { failureOf, type Failure } from '../output/failure.ts';
import { exitCodes, Interrupted, type CommandResult } from '../output/io.ts';
import { Progress } from '../output/progress.ts';
import { count, minuteText, printable, sizeText } from '../output/text.ts';
import { eachOf } from './each.ts';

export interface VerifyOptions {
  sample?: number;
  all?: boolean;
}

const defaultSample = 20;
const reading = 2;

interface OwnCheck {
  intact: number;
  bytes: number;
  failed: { photo: IndexedPhoto; failure: Failure }[];
}
type CopiesCheck = { copies: CopyReport[]; failure: null } | { copies: null; failure: Failure };

/** `heirloom verify`: reads ciphertext back and proves it on this device, and asks the server for its copies. */
export async function verifyCommand(context: Context, options: VerifyOptions): Promise<CommandResult> {
  if (options.all && options.sample !== undefined) {
    throw new AppError('bad-request', { detail: 'Choose one of --sample N and --all.' });
  }
  return await withVault(context, async (vault) => {
    await vault.syncLibrary();
    const all = await vault.library.all();
    const chosen = options.all ? all : sample(all, options.sample ?? defaultSample);
    const own = await checkHere(context, vault, chosen);
    const copies = await checkCopies(vault, chosen);
    const checks = await checksOf(vault);
    return report({ chosen, total: all.length, own, copies, checks, interrupted: context.io.signal.aborted });
  });
}

/** So many different ones, each with the same chance. */
function sample<T>(all: readonly T[], size: number): T[] {
  const left = [...all];
  const chosen: T[] = [];
  while (chosen.length < size && left.length > 0) chosen.push(...left.splice(randomInt(left.length), 1));
  return chosen;
}

async function checkHere({ io }: Context, vault: Vault, photos: readonly IndexedPhoto[]): Promise<OwnCheck> {
  const check: OwnCheck = { intact: 0, bytes: 0, failed: [] };
  const bytes = photos.reduce((sum, photo) => sum + photo.objectBytes, 0);
  using progress = new Progress(io, 'Checking', { bytes, items: photos.length });
  await eachOf(photos, reading, async (photo) => {
    try {
      if (io.signal.aborted) throw new Interrupted();
      if (photo.problem !== null) throw new AppError('damaged', { detail: photo.problem });
      const read = await verifyPhoto(vault, photo, { signal: io.signal });
      check.bytes += read;
      check.intact += 1;
    } catch (error) {
      check.failed.push({ photo, failure: failureOf(io.signal.aborted ? new Interrupted() : error) });
    }
    progress.add(photo.objectBytes);
    progress.itemDone();
  });
  return check;
}

async function checkCopies(vault: Vault, photos: readonly IndexedPhoto[]): Promise<CopiesCheck> {
  try {
    const copies = await askForCopies(
      vault,
      photos.map((photo) => photo.version),
    );
    return { copies, failure: null };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return { copies: null, failure: failureOf(error) };
  }
}

/** Null when the server does not say it; what was checked above counts all the same. */
async function checksOf(vault: Vault): Promise<Checks | null> {
  try {
    return await readChecks(vault);
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return null;
  }
}

const states = ['intact', 'pending', 'damaged', 'short', 'missing', 'unreachable'] as const;

interface Findings {
  chosen: readonly IndexedPhoto[];
  total: number;
  own: OwnCheck;
  copies: CopiesCheck;
  checks: Checks | null;
  interrupted: boolean;
}

function report({ chosen, total, own, copies, checks, interrupted }: Findings): CommandResult {
  const bad = copies.copies?.filter(({ state }) => state !== 'intact' && state !== 'pending') ?? [];
  const byState = Object.fromEntries(
    states.map((state) => [state, copies.copies?.filter((copy) => copy.state === state).length ?? 0]),
  );
  const isWell = own.failed.length === 0 && copies.failure === null && bad.length === 0;
  const remarks = [
    ...own.failed.map(
      ({ photo, failure }) => `${printable(photo.metadata?.name ?? photo.photo)}: ${failure.message}`,
    ),
    ...bad.map(
      ({ versionId, locationId, state }) => `The copy of ${versionId} in ${locationId} is ${state}.`,
    ),
    ...(copies.failure ? [`The server's copies could not be checked: ${copies.failure.message}`] : []),
    ...(interrupted ? ['Interrupted.'] : []),
  ];
  return {
    document: {
      chosen: chosen.length,
      photos: total,
      thisDevice: {
        intact: own.intact,
        bytes: own.bytes,
        failed: own.failed.map(({ photo, failure }) => ({
          id: photo.photo,
          version: photo.version,
          name: photo.metadata?.name ?? null,
          code: failure.code,
          reason: failure.message,
        })),
      },
      serverCopies: copies.copies ? { ...byState, problems: bad } : { problem: copies.failure },
      checks,
      interrupted,
    },
    lines: [
      `This device read ${count(own.intact, 'photo')} of ${total} back (${sizeText(own.bytes)}) and proved every byte.`,
      ...(copies.copies ? [copiesLine(copies.copies, byState)] : []),
      ...(checks ? [checksLine(checks)] : []),
    ],
    remarks,
    exitCode: interrupted ? exitCodes.interrupted : isWell ? exitCodes.ok : exitCodes.failed,
  };
}

const copiesLine = (copies: readonly CopyReport[], byState: Readonly<Record<string, number>>): string =>
  `The server says of its ${count(copies.length, 'copy', 'copies')}: ${states
    .filter((state) => byState[state])
    .map((state) => `${byState[state]} ${state}`)
    .join(', ')}.`;

const checksLine = ({ checkedSince, running }: Checks): string =>
  [
    checkedSince
      ? `By itself it has read every copy again that was stored before ${minuteText(checkedSince)} UTC.`
      : 'By itself it has not read all copies again yet.',
    ...(running ? [`A check is running: ${Math.floor(running.share * 100)} %.`] : []),
  ].join(' ');
