import { AppError, type FamilyId } from '@heirloom/contracts';
import { fromBase64, toBase64 } from '../encoding/bytes.ts';
import { LogError } from './log-error.ts';
import {
  decodeNote,
  encodeNote,
  signNote,
  verifyNote,
  type NoteKey,
  type NoteSigner,
  type SignedNote,
} from './note.ts';

/** A tree head of C2SP (c2sp.org/tlog-checkpoint). */
export interface Checkpoint {
  /** Which log it is. */
  origin: string;
  size: number;
  /** RFC 6962 root, 32 bytes. */
  root: Uint8Array;
}

/** The origin of a family's log. */
export const logOrigin = (family: FamilyId): string => `heirloom/family/${family}`;

export function encodeCheckpoint({ origin, size, root }: Checkpoint): string {
  if (origin === '' || origin.includes('\n')) throw new RangeError('the origin of a checkpoint is one line');
  return `${origin}\n${size}\n${toBase64(root)}\n`;
}

/**
 * Reads the text of a checkpoint. Extension lines are allowed and ignored.
 * @throws AppError `bad-request` when it is none.
 */
export function decodeCheckpoint(text: string): Checkpoint {
  const [origin, size, root, ...rest] = text.split('\n');
  const hash = fromBase64(root ?? '');
  const good = origin && /^(0|[1-9]\d{0,15})$/.test(size ?? '') && hash?.length === 32 && rest.at(-1) === '';
  if (!good || rest.slice(0, -1).includes(''))
    throw new AppError('bad-request', { detail: 'This is not a checkpoint.' });
  return { origin, size: Number(size), root: hash };
}

/** A checkpoint with a signature of each signer, ready to send. */
export async function signCheckpoint(
  checkpoint: Checkpoint,
  ...signers: [NoteSigner, ...NoteSigner[]]
): Promise<string> {
  const text = encodeCheckpoint(checkpoint);
  return encodeNote({ text, signatures: await Promise.all(signers.map((signer) => signNote(text, signer))) });
}

/** @throws AppError `bad-request` unless it is a checkpoint of this origin with the key's valid signature. */
export async function openCheckpoint(
  encoded: string,
  expected: { origin: string; key: NoteKey },
): Promise<Checkpoint & { note: SignedNote }> {
  const note = decodeNote(encoded);
  if (!(await verifyNote(note, expected.key))) {
    throw new AppError('bad-request', { detail: "A checkpoint lacks the installation's signature." });
  }
  const checkpoint = decodeCheckpoint(note.text);
  if (checkpoint.origin !== expected.origin) {
    throw new LogError('other-family', 'A checkpoint belongs to another log.');
  }
  return { ...checkpoint, note };
}
