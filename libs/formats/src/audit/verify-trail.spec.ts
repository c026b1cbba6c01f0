import { limits, newId, type AuditActId, type AuditItem, type ChainedEntry } from '@heirloom/contracts';
import { describe, expect, it } from '@jest/globals';
import { counting, nodeSigner } from '../../test/samples.ts';
import { decodeCheckpoint, signCheckpoint } from '../log/checkpoint.ts';
import { decodeNote } from '../log/note.ts';
import { auditOrigin, auditStartOrigin, hashAuditEntry, noEntryHash } from './entry.ts';
import { verifyAuditTrail } from './verify-trail.ts';

const key = { name: 'heirloom-audit', ...nodeSigner(counting(32)) };
const sign = (size: number, root: Uint8Array, origin = auditOrigin, signer = key) =>
  signCheckpoint({ origin, size, root }, signer);

/** Gives each entry the hash of the one before it and its own. */
function chain(entries: readonly ChainedEntry[]): ChainedEntry[] {
  let previous = noEntryHash;
  return entries.map((entry) => {
    const chained = { ...entry, previous, hash: hashAuditEntry(entry, previous) };
    previous = chained.hash;
    return chained;
  });
}
const entries = chain(
  Array.from({ length: 12 }, (_, index) => ({
    index,
    actId: newId<AuditActId>(),
    at: new Date(1_790_000_000_000 + index),
    service: 'vault',
    kind: 'photos-trashed',
    actor: { kind: 'person' as const },
    details: { photos: index + 1 },
    previous: noEntryHash,
    hash: noEntryHash,
  })),
);
const signedSizes = [2, 5, 8, 12];
const notes = await Promise.all(signedSizes.map((size) => sign(size, entries[size - 1]!.hash)));

/** Entries as they stand now, with the checkpoints that were signed when they were as they should be. */
function items(now: readonly ChainedEntry[], checkpoints = notes): AuditItem[] {
  const rest = checkpoints.map((checkpoint) => ({
    checkpoint,
    size: decodeCheckpoint(decodeNote(checkpoint).text).size,
  }));
  const all: AuditItem[] = [];
  for (const entry of now) {
    while (rest[0] && rest[0].size < entry.index + 1) all.push({ checkpoint: rest.shift()!.checkpoint });
    all.push({ entry });
  }
  return [...all, ...rest.map(({ checkpoint }) => ({ checkpoint }))];
}
const verdictOf = async (all: readonly AuditItem[], size?: number) => {
  const read = async function* () {
    yield* all;
  };
  return verifyAuditTrail(read, [key], size);
};
const faultsOf = async (now: readonly ChainedEntry[], checkpoints?: string[], size?: number) =>
  (await verdictOf(items(now, checkpoints), size)).faults;

const changed = (index: number): ChainedEntry[] =>
  entries.map((entry) => (entry.index === index ? { ...entry, details: { photos: 999 } } : entry));
const renumbered = (some: readonly ChainedEntry[]) => some.map((entry, index) => ({ ...entry, index }));
const swapped = (a: number, b: number) =>
  renumbered(entries.map((entry, i) => entries[i === a ? b : i === b ? a : i] ?? entry));

describe('an audit trail', () => {
  it('that is whole has no fault', async () => {
    expect(await verdictOf(items(entries), 12)).toEqual({ first: 0, entries: 12, faults: [] });
    expect(await verdictOf([], 0)).toEqual({ first: 0, entries: 0, faults: [] });
  });

  it.each([0, 6, 11])('says that entry %i was changed', async (index) => {
    expect(await faultsOf(changed(index))).toEqual([{ kind: 'changed', from: index, to: index }]);
  });

  it.each(['previous', 'hash'] as const)('says where a byte of %s was flipped', async (field) => {
    const flipped = entries.map((entry) => {
      const bytes = Uint8Array.from(entry[field]);
      bytes[7]! ^= 1;
      return entry.index === 6 ? { ...entry, [field]: bytes } : entry;
    });
    expect(await faultsOf(flipped)).toEqual([{ kind: 'changed', from: 6, to: 6 }]);
  });

  it('says which entries are gone', async () => {
    const gap = entries.filter(({ index }) => index !== 3 && index !== 4);
    expect(await faultsOf(gap)).toEqual([{ kind: 'missing', from: 3, to: 4 }]);
    const closed = renumbered(entries.filter(({ index }) => index !== 3));
    expect(await faultsOf(closed)).toEqual([
      { kind: 'missing', from: 3, to: 3 },
      { kind: 'truncated', from: 11, to: 11 },
    ]);
  });

  it('says which entries were moved', async () => {
    expect(await faultsOf(swapped(3, 4))).toEqual([{ kind: 'reordered', from: 3, to: 5 }]);
    expect(await faultsOf(swapped(2, 7))).toEqual([
      { kind: 'reordered', from: 2, to: 3 },
      { kind: 'reordered', from: 7, to: 8 },
    ]);
  });

  it.each([
    ['changed', changed(6)],
    ['reordered', swapped(6, 7)],
  ])('says between which checkpoints it was %s, when every hash was made anew', async (_how, now) => {
    expect(await faultsOf(chain(now))).toEqual([{ kind: 'checkpoint', from: 5, to: 7 }]);
  });

  it('that lost an entry and was made anew is found', async () => {
    const now = chain(renumbered(entries.filter(({ index }) => index !== 6)));
    expect(await faultsOf(now)).toEqual([
      { kind: 'checkpoint', from: 5, to: 7 },
      { kind: 'truncated', from: 11, to: 11 },
    ]);
  });

  it('says where its end was cut off', async () => {
    const cut = entries.slice(0, 9);
    expect(await faultsOf(cut)).toEqual([{ kind: 'truncated', from: 9, to: 11 }]);
    expect(await faultsOf(cut, notes.slice(0, 3), 12)).toEqual([{ kind: 'truncated', from: 9, to: 11 }]);
    expect(await faultsOf(cut, notes.slice(0, 3))).toEqual([{ kind: 'unsigned', from: 8, to: 8 }]);
  });

  it('that was cut off and grew again is at odds with what was signed before', async () => {
    const other = entries.map((entry) => (entry.index >= 9 ? { ...entry, details: { photos: 7 } } : entry));
    const grown = chain(other);
    const all = items(grown);
    all.push({ checkpoint: await sign(12, grown[11]!.hash) });
    expect((await verdictOf(all)).faults).toEqual([{ kind: 'checkpoint', from: 8, to: 11 }]);
  });

  it('takes no checkpoint by another key or of another origin', async () => {
    const stranger = { name: 'heirloom-audit', ...nodeSigner(counting(32, 3)) };
    const forged = chain(changed(6));
    const root = forged[11]!.hash;
    for (const note of [
      await sign(12, root, auditOrigin, stranger),
      await sign(12, root, auditStartOrigin),
    ]) {
      expect(await faultsOf(forged, [...notes.slice(0, 3), note])).toContainEqual({
        kind: 'signature',
        from: 5,
        to: 11,
      });
    }
  });

  it('may begin later, when that is signed', async () => {
    const start = await sign(5, entries[4]!.hash, auditStartOrigin);
    const kept = items(entries.slice(5), notes.slice(1));
    expect(await verdictOf([{ start }, ...kept])).toEqual({ first: 5, entries: 7, faults: [] });
    expect((await verdictOf(kept)).faults).toEqual([{ kind: 'missing', from: 0, to: 4 }]);
    const elsewhere = await sign(4, entries[3]!.hash, auditStartOrigin);
    expect((await verdictOf([{ start: elsewhere }, ...kept])).faults).toEqual([
      { kind: 'missing', from: 4, to: 4 },
    ]);
  });

  it('names the first faults when there are many', async () => {
    const many = chain(
      Array.from({ length: 60 }, (_, index) => ({ ...entries[0]!, index, actId: newId<AuditActId>() })),
    ).map((entry) => ({ ...entry, details: {} }));
    const { faults } = await verdictOf(many.map((entry) => ({ entry })));
    expect(faults).toHaveLength(limits.auditFaults);
    expect(faults[0]).toEqual({ kind: 'changed', from: 0, to: 0 });
  });
});
