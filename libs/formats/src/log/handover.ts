import { AppError } from '@heirloom/contracts';
import {
  decodeNote,
  decodeVerifierKey,
  encodeNote,
  encodeVerifierKey,
  signNote,
  verifyNote,
  type NoteKey,
  type NoteSigner,
} from './note.ts';

/**
 * A handover: an installation's key for heads names the key that follows it. A signed note of three lines, this one and
 * the two verifier keys, with the signatures of both. No checkpoint reads like it: there the second line is a number.
 */
const firstLine = 'heirloom/log-key-handover';

/** @returns the note, ready to send. It says the same each time, since Ed25519 draws nothing at random. */
export async function signHandover(from: NoteSigner, to: NoteSigner): Promise<string> {
  const text = `${firstLine}\n${encodeVerifierKey(from)}\n${encodeVerifierKey(to)}\n`;
  return encodeNote({ text, signatures: [await signNote(text, from), await signNote(text, to)] });
}

/** @throws AppError `bad-request` unless it is a handover that both keys have signed. */
export async function openHandover(encoded: string): Promise<{ from: NoteKey; to: NoteKey }> {
  const note = decodeNote(encoded);
  const [first, from, to, ...rest] = note.text.split('\n');
  if (first !== firstLine || rest.join('\n') !== '') throw refused('This is not a handover of a log key.');
  const keys = { from: decodeVerifierKey(from ?? ''), to: decodeVerifierKey(to ?? '') };
  for (const key of [keys.from, keys.to])
    if (!(await verifyNote(note, key)))
      throw refused('A handover of a log key lacks the signature of a key.');
  return keys;
}

/**
 * The keys that a pinned one leads to by handovers, the pinned one first. What is no handover, or starts from a key that
 * the pinned one does not lead to, is passed over: it proves nothing.
 *
 * @param pinned - a verifier key
 */
export async function followHandovers(pinned: string, handovers: readonly string[]): Promise<string[]> {
  const steps: { from: string; to: string }[] = [];
  for (const handover of handovers) {
    const opened = await openHandover(handover).catch(passOver);
    if (opened) steps.push({ from: encodeVerifierKey(opened.from), to: encodeVerifierKey(opened.to) });
  }
  const reached = new Set([pinned]);
  for (const key of reached) for (const { from, to } of steps) if (from === key) reached.add(to);
  return [...reached];
}

function passOver(error: unknown): null {
  if (error instanceof AppError) return null;
  throw error;
}

const refused = (detail: string) => new AppError('bad-request', { detail });
