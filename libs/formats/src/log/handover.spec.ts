import { AppError } from '@heirloom/contracts';
import { describe, expect, it } from '@jest/globals';
import { counting, nodeSigner } from '../../test/samples.ts';
import { followHandovers, openHandover, signHandover } from './handover.ts';
import { decodeNote, encodeNote, encodeVerifierKey, signNote, type NoteSigner } from './note.ts';

const keyOf = (start: number): NoteSigner => ({ name: 'heirloom-log', ...nodeSigner(counting(32, start)) });
const [first, second, third, thief] = [keyOf(1), keyOf(2), keyOf(3), keyOf(4)];
const text = ({ name, publicKey }: NoteSigner) => encodeVerifierKey({ name, publicKey });

/** The same words with signatures of our choice. */
async function signedBy(handover: string, ...signers: NoteSigner[]): Promise<string> {
  const { text: words } = decodeNote(handover);
  return encodeNote({
    text: words,
    signatures: await Promise.all(signers.map((one) => signNote(words, one))),
  });
}

describe('a handover of the key of heads', () => {
  it('names both keys, is signed by both, and is always the same', async () => {
    const handover = await signHandover(first, second);
    expect(await signHandover(first, second)).toBe(handover);
    const { from, to } = await openHandover(handover);
    expect([encodeVerifierKey(from), encodeVerifierKey(to)]).toEqual([text(first), text(second)]);
  });

  it.each([
    ['that the old key has not signed', (note: string) => signedBy(note, second)],
    ['that the new key has not signed', (note: string) => signedBy(note, first)],
    ['that somebody else has signed', (note: string) => signedBy(note, thief, second)],
    ['to another key than the signed one', async (note: string) => note.replace(text(second), text(thief))],
    ['with a line more', async (note: string) => note.replace('\n\n', '\nmore\n\n')],
    ['of another kind', async (note: string) => note.replace('log-key-handover', 'log-key')],
  ])('%s is refused', async (_what, forge) => {
    const forged = await forge(await signHandover(first, second));
    await expect(openHandover(forged)).rejects.toThrow(AppError);
    expect(await followHandovers(text(first), [forged])).toEqual([text(first)]);
  });
});

describe('a pinned key', () => {
  it('leads on by handovers, in whatever order they come', async () => {
    const chain = [await signHandover(second, third), await signHandover(first, second)];
    expect(await followHandovers(text(first), chain)).toEqual([first, second, third].map(text));
  });

  it('does not lead back, nor where nobody handed over to', async () => {
    const chain = [await signHandover(first, second), await signHandover(thief, third)];
    expect(await followHandovers(text(second), chain)).toEqual([text(second)]);
    expect(await followHandovers(text(first), [...chain, 'no note'])).toEqual([first, second].map(text));
  });

  it('comes to an end where keys hand over in a circle', async () => {
    const circle = [await signHandover(first, second), await signHandover(second, first)];
    expect(await followHandovers(text(first), circle)).toEqual([first, second].map(text));
  });
});
