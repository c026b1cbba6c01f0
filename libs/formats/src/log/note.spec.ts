import { AppError } from '@heirloom/contracts';
import { describe, expect, it } from '@jest/globals';
import { counting, ids, nodeSigner } from '../../test/samples.ts';
import {
  decodeCheckpoint,
  encodeCheckpoint,
  logOrigin,
  openCheckpoint,
  signCheckpoint,
} from './checkpoint.ts';
import {
  cosignNote,
  decodeNote,
  decodeVerifierKey,
  encodeNote,
  encodeVerifierKey,
  verifyCosignature,
  verifyNote,
} from './note.ts';

/** The example of Go's golang.org/x/mod/sumdb/note, which signed notes come from. */
const neumann = {
  key: 'PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW',
  note:
    "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n\n" +
    '— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n',
};

describe('signed notes', () => {
  it('verify the published example', async () => {
    const key = decodeVerifierKey(neumann.key);
    const note = decodeNote(neumann.note);
    expect(await verifyNote(note, key)).toBe(true);
    expect(encodeNote(note)).toBe(neumann.note);
    expect(encodeVerifierKey(key)).toBe(neumann.key);
    expect(await verifyNote({ ...note, text: note.text.replace('answer', 'Answer') }, key)).toBe(false);
    expect(await verifyNote(note, { ...key, name: 'Someone' })).toBe(false);
  });

  it.each([
    ['another id', neumann.key.replace('c74f20a3', 'c74f20a4')],
    ['another type', neumann.key.replace('+AR', '+AB')],
    ['no key', 'PeterNeumann+c74f20a3'],
  ])('refuse a verifier key with %s', (_, text) => {
    expect(() => decodeVerifierKey(text)).toThrow(AppError);
  });

  it.each([
    ['no signature', 'text\n\n'],
    ['no empty line', 'text\n— a AAAAAAAA\n'],
    ['a cut end', neumann.note.slice(0, -1)],
    ['a control character', neumann.note.replace('you', 'y\tu')],
    ['a hyphen for the dash', neumann.note.replace('— P', '- P')],
    ['loose base64', neumann.note.replace('AM=\n', 'AN=\n')],
    ['too much', `${'x'.repeat(9000)}\n\n— a AAAAAAAA\n`],
    ['too many signatures', `x\n\n${'— a AAAAAAAA\n'.repeat(65)}`],
  ])('refuse %s', (_, text) => {
    expect(() => decodeNote(text)).toThrow(AppError);
  });
});

describe('checkpoints', () => {
  const log = { name: 'heirloom.example/log', ...nodeSigner(counting(32)) };
  const device = { name: `heirloom/device/${ids.device}`, ...nodeSigner(counting(32, 7)) };
  const origin = logOrigin(ids.family);
  const head = { origin, size: 42, root: counting(32) };

  it('are signed, opened and cosigned', async () => {
    const encoded = await signCheckpoint(head, log);
    const opened = await openCheckpoint(encoded, { origin, key: log });
    expect(opened).toMatchObject(head);
    const cosigned = {
      text: opened.note.text,
      signatures: [...opened.note.signatures, await cosignNote(opened.note.text, 1_790_000_000, device)],
    };
    const again = decodeNote(encodeNote(cosigned));
    expect(await verifyCosignature(again, device)).toBe(1_790_000_000);
    expect(await verifyNote(again, log)).toBe(true);
    expect(await verifyCosignature(again, { ...device, publicKey: log.publicKey })).toBeUndefined();
    expect(
      await verifyCosignature({ ...again, text: again.text.replace('42', '43') }, device),
    ).toBeUndefined();
  });

  it('of another log, by another key or changed are refused', async () => {
    const encoded = await signCheckpoint(head, log);
    await expect(openCheckpoint(encoded, { origin: `${origin}x`, key: log })).rejects.toThrow(/another log/);
    await expect(openCheckpoint(encoded, { origin, key: device })).rejects.toThrow(/signature/);
    await expect(openCheckpoint(encoded.replace('42', '43'), { origin, key: log })).rejects.toThrow(
      /signature/,
    );
  });

  it.each(['a\n1\nAAAA\n', 'a\n01\n', `a\n1\n${'A'.repeat(43)}=`, '\n1\n', 'a\n-1\n', ''])(
    'refuse %p',
    (text) => {
      expect(() => decodeCheckpoint(text)).toThrow(AppError);
    },
  );

  it('may have extension lines', () => {
    expect(decodeCheckpoint(`${encodeCheckpoint(head)}more\n`)).toEqual(head);
    expect(() => decodeCheckpoint(`${encodeCheckpoint(head)}\n`)).toThrow(AppError);
  });
});
