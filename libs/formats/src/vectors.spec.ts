import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { counting, createdAt, hex, ids, nodeSigner, unhex } from '../test/samples.ts';
import {
  albumItemStatement,
  blockCount,
  decodeTrailer,
  emptyRoot,
  encodeCheckpoint,
  identityHash,
  leafHash,
  logEntryStatement,
  logOrigin,
  makeTrailer,
  manifestFormat,
  merkleRoot,
  metadataFormat,
  notesFormat,
  openCheckpoint,
  partContext,
  photoNotesStatement,
  recordContext,
  sealContext,
  signCheckpoint,
  suite,
  trailerLength,
  unlockStatement,
  verifyTrailer,
  wrapContext,
} from './index.ts';

/** Made by vectors/make.mjs, which shares no code with this library. */
interface Vectors {
  signerPublicKey: string;
  bodyLength: number;
  partContext: string;
  wrapContext: string;
  sealContext: string;
  recordContext: string;
  manifest: string;
  trailer: string;
  metadata: string;
  unlock: string;
  identityHash: string;
  logEntries: [string, string, string];
  albumItem: string;
  notes: string;
  photoNotes: string;
  checkpoint: string;
}
const vectors = JSON.parse(
  readFileSync(new URL('../vectors/formats.json', import.meta.url), 'utf8'),
) as Vectors;
const signer = nodeSigner(counting(32));

describe('frozen vectors', () => {
  it('contexts', () => {
    const place = { ...ids, label: 'original', revision: 1 };
    const binding = { purpose: 'file-key', collection: ids.library, epoch: 3, object: ids.version } as const;
    expect(hex(partContext(place))).toBe(vectors.partContext);
    expect(hex(wrapContext(binding))).toBe(vectors.wrapContext);
    expect(hex(sealContext(binding))).toBe(vectors.sealContext);
    expect(hex(recordContext(binding))).toBe(vectors.recordContext);
  });

  it('manifest and trailer', async () => {
    const trailer = decodeTrailer(unhex(vectors.trailer), vectors.bodyLength + vectors.trailer.length / 2);
    expect(await verifyTrailer(trailer)).toBe(true);
    expect(hex(trailer.signer)).toBe(vectors.signerPublicKey);
    expect(hex(trailer.manifestBytes)).toBe(vectors.manifest);
    expect(trailer.manifest).toMatchObject({
      suite,
      library: ids.library,
      photo: ids.photo,
      version: ids.version,
      author: ids.account,
      device: ids.device,
      revision: 1,
      createdAt,
    });
    expect(trailer.manifest.parts.map((part) => part.label)).toEqual(['thumbnail', 'metadata', 'original']);
    expect(trailer.manifest.blocks.length).toBe(32 * blockCount(vectors.bodyLength));
    expect(hex(manifestFormat.encode(trailer.manifest))).toBe(vectors.manifest);
    expect(hex(await makeTrailer(trailer.manifest, trailer.wrap, signer))).toBe(vectors.trailer);
    expect(trailerLength(trailer.manifest, trailer.wrap.epoch)).toBe(vectors.trailer.length / 2);
  });

  it('metadata', () => {
    const metadata = metadataFormat.decode(unhex(vectors.metadata));
    expect(metadata).toMatchObject({ name: 'Grüße 🏔.heic', place: { lat: 46.123456, lon: 8.75 + 1e-9 } });
    expect(hex(metadataFormat.encode(metadata))).toBe(vectors.metadata);
  });

  it('identity and unlock', () => {
    const identity = { suite, account: ids.account, sign: signer.publicKey, kem: counting(1216) } as const;
    expect(hex(identityHash(identity))).toBe(vectors.identityHash);
    const unlock = unlockStatement.decode(unhex(vectors.unlock));
    expect(unlock).toMatchObject({ account: ids.account, unlock: ids.unlock, kind: 'password' });
    expect(hex(unlockStatement.encode(unlock))).toBe(vectors.unlock);
  });

  it('log entries and an album item', async () => {
    const [first, second, third] = vectors.logEntries.map(unhex) as [Uint8Array, Uint8Array, Uint8Array];
    const created = await logEntryStatement.verify(first, [signer.publicKey]);
    expect(created.value).toMatchObject({ family: ids.family, index: 0, head: emptyRoot() });
    const granted = await logEntryStatement.verify(second, [signer.publicKey]);
    expect(granted.value).toMatchObject({ index: 1, head: leafHash(first), event: { role: 'manager' } });
    expect(await logEntryStatement.sign(granted.value, signer)).toEqual(second);
    const dissolved = await logEntryStatement.verify(third, [signer.publicKey]);
    const head = merkleRoot([leafHash(first), leafHash(second)]);
    expect(dissolved.value).toMatchObject({ index: 2, head, event: { kind: 'family-dissolved' } });
    expect(await logEntryStatement.sign(dissolved.value, signer)).toEqual(third);
    const item = await albumItemStatement.verify(unhex(vectors.albumItem), [signer.publicKey]);
    expect(item.value).toMatchObject({ album: ids.album, epoch: 2, addedBy: ids.account });
    expect(hex(await albumItemStatement.sign(item.value, signer))).toBe(vectors.albumItem);
  });

  it('notes on a photo', async () => {
    const notes = notesFormat.decode(unhex(vectors.notes));
    expect(notes).toEqual({ caption: 'Opa am See ☀', favourite: true });
    expect(hex(notesFormat.encode(notes))).toBe(vectors.notes);
    const { value } = await photoNotesStatement.verify(unhex(vectors.photoNotes), [signer.publicKey]);
    expect(value).toMatchObject({ library: ids.library, photo: ids.photo, revision: 4, author: ids.account });
    expect(hex(await photoNotesStatement.sign(value, signer))).toBe(vectors.photoNotes);
  });

  it('checkpoint', async () => {
    const origin = logOrigin(ids.family);
    const key = { name: 'heirloom.example/log', ...signer };
    const head = await openCheckpoint(vectors.checkpoint, { origin, key });
    expect(head).toMatchObject({ origin, size: 7, root: counting(32) });
    expect(head.note.text).toBe(encodeCheckpoint(head));
    expect(await signCheckpoint(head, key)).toBe(vectors.checkpoint);
  });
});
