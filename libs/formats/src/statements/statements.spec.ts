import { AppError } from '@heirloom/contracts';
import { describe, expect, it } from '@jest/globals';
import { counting, createdAt, ids, nodeSigner } from '../../test/samples.ts';
import { encodeCanonical } from '../encoding/canonical.ts';
import { recordContext, sealContext, wrapContext, partContext } from '../encoding/contexts.ts';
import { suite } from '../encoding/suite.ts';
import { emptyRoot } from '../log/merkle.ts';
import { logEntryStatement, type LogEntry } from '../log/entry.ts';
import { isKnownEvent } from '../log/events.ts';
import { makeSigned, openSigned, signedEnvelope, verifyEd25519 } from './signing.ts';
import { albumItemStatement, identityHash } from './statements.ts';

const signer = nodeSigner(counting(32));
const other = nodeSigner(counting(32, 1));
const { family, account: author } = ids;
const entry: LogEntry = {
  suite,
  family,
  index: 0,
  head: emptyRoot(),
  author,
  at: createdAt,
  event: { kind: 'family-created', sign: signer.publicKey, kem: counting(1216) },
};

describe('signed envelopes', () => {
  it('open for the type and the key that made them, and for no other', async () => {
    const bytes = await makeSigned('log-entry', counting(10), signer);
    expect((await openSigned('log-entry', bytes, [other.publicKey, signer.publicKey])).payload).toEqual(
      counting(10),
    );
    await expect(openSigned('album-item', bytes)).rejects.toThrow(/signature/);
    await expect(openSigned('log-entry', bytes, [other.publicKey])).rejects.toThrow(/may not sign/);
    const envelope = signedEnvelope.decode(bytes);
    const moved = signedEnvelope.encode({ ...envelope, payload: counting(10, 1) });
    await expect(openSigned('log-entry', moved)).rejects.toThrow(/signature/);
    const claimed = signedEnvelope.encode({ ...envelope, signer: other.publicKey });
    await expect(openSigned('log-entry', claimed)).rejects.toThrow(/signature/);
  });

  it('take no key or signature of a wrong length', async () => {
    const signature = await signer.sign(counting(3));
    expect(await verifyEd25519(signer.publicKey, signature, counting(3))).toBe(true);
    expect(await verifyEd25519(signer.publicKey.slice(1), signature, counting(3))).toBe(false);
    expect(await verifyEd25519(signer.publicKey, signature.slice(1), counting(3))).toBe(false);
  });
});

describe('log entries', () => {
  it('come back verified', async () => {
    const bytes = await logEntryStatement.sign(entry, signer);
    expect(await logEntryStatement.verify(bytes, [signer.publicKey])).toEqual({
      value: entry,
      signer: signer.publicKey,
    });
  });

  it('of a later kind are carried, of a known kind in another form are refused', async () => {
    const later = { ...entry, event: { kind: 'picnic', where: 'the lake' } };
    const { value } = await logEntryStatement.verify(await logEntryStatement.sign(later, signer));
    expect(value).toEqual(later);
    expect(isKnownEvent(value.event)).toBe(false);
    for (const event of [{ kind: 'family-created' }, { ...entry.event, extra: 1 }, { kind: '' }]) {
      const raw = { ...entry, family: counting(16), author: counting(16), event };
      const bytes = await makeSigned('log-entry', encodeCanonical(raw), signer);
      await expect(logEntryStatement.verify(bytes)).rejects.toThrow(AppError);
    }
  });
});

describe('statements and contexts', () => {
  it('refuse what is not in their form', async () => {
    const item = {
      suite,
      album: ids.album,
      epoch: 1,
      photo: ids.photo,
      version: ids.version,
      wrapHash: counting(32),
      addedBy: author,
      addedAt: createdAt,
    } as const;
    const bytes = await albumItemStatement.sign(item, signer);
    expect((await albumItemStatement.verify(bytes)).value).toEqual(item);
    await expect(albumItemStatement.sign({ ...item, epoch: 0 }, signer)).rejects.toThrow();
    const short = await makeSigned('album-item', encodeCanonical({ suite }), signer);
    await expect(albumItemStatement.verify(short)).rejects.toThrow(AppError);
  });

  it('give every kind, purpose and place bytes of its own', () => {
    const place = { ...ids, label: 'original', revision: 1 };
    const binding = { purpose: 'file-key', collection: ids.library, epoch: 1, object: ids.version } as const;
    const all = [
      partContext(place),
      partContext({ ...place, label: 'preview' }),
      partContext({ ...place, revision: 2 }),
      partContext({ ...place, photo: ids.version as unknown as typeof ids.photo }),
      wrapContext(binding),
      sealContext(binding),
      recordContext(binding),
      wrapContext({ ...binding, purpose: 'library-key' }),
      wrapContext({ ...binding, epoch: 2 }),
      wrapContext({ ...binding, collection: ids.album }),
      wrapContext({ ...binding, object: ids.photo }),
    ].map((bytes) => Buffer.from(bytes).toString('hex'));
    expect(new Set(all).size).toBe(all.length);
  });

  it('an identity is its account and both its keys', () => {
    const identity = { suite, account: author, sign: counting(32), kem: counting(1216) } as const;
    const changed = [
      identity,
      { ...identity, account: ids.device as unknown as typeof author },
      { ...identity, sign: counting(32, 1) },
      { ...identity, kem: counting(1216, 1) },
    ];
    expect(new Set(changed.map((one) => Buffer.from(identityHash(one)).toString('hex'))).size).toBe(4);
  });
});
