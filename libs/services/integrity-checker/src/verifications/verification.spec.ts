import { createHash, randomBytes } from 'node:crypto';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { memoryLocation, type Location } from '@heirloom/blob-store';
import { newId, type ObjectName, type Replica, type VersionId } from '@heirloom/contracts';
import { Copies } from '../copies/copies.ts';
import { nothingYet, verifyVersions } from './verification.ts';

const objectBytes = 10_000;
const alive = new AbortController().signal;
let locations: Location[];
let copies: Copies;
let replicas: Replica[];

beforeAll(async () => {
  locations = await Promise.all(['a', 'b', 'c'].map((id) => memoryLocation({ id })));
  copies = new Copies(locations);
  replicas = (await Promise.all(Array.from({ length: 5 }, store))).flat();
});

async function store(): Promise<Replica[]> {
  const bytes = new Uint8Array(randomBytes(objectBytes));
  const object = createHash('sha256').update(bytes).digest('hex') as ObjectName;
  const versionId = newId<VersionId>();
  for (const location of locations)
    await location.put(
      object,
      (async function* () {
        yield bytes;
      })(),
      objectBytes,
    );
  return locations.map(({ id }) => ({ versionId, object, objectBytes, locationId: id, state: 'present' }));
}

const verify = async (bounds: { bytes: number; ms: number }, signal = alive) => {
  const progress = nothingYet();
  const done = await verifyVersions(copies, replicas, progress, signal, bounds);
  return { done, ...progress };
};

describe('verifying versions', () => {
  it('reads every copy of every version', async () => {
    const { done, copies: seen, bytesRead, versions, last } = await verify({ bytes: 1e9, ms: 60_000 });
    expect({ done, bytesRead, versions, last }).toEqual({
      done: true,
      bytesRead: 15 * objectBytes,
      versions: 5,
      last: replicas.at(-1)!.versionId,
    });
    expect(seen).toEqual(
      replicas.map(({ versionId, object, locationId }) => ({
        versionId,
        object,
        locationId,
        state: 'intact',
      })),
    );
  });

  it('ends after the version with which it has read enough', async () => {
    const { done, copies: seen, versions, last } = await verify({ bytes: 3 * objectBytes + 1, ms: 60_000 });
    expect({ done, versions, copies: seen.length, last }).toEqual({
      done: false,
      versions: 2,
      copies: 6,
      last: replicas[3]!.versionId,
    });
  });

  it('gets one version further, however little time there is', async () => {
    expect(await verify({ bytes: 0, ms: 0 })).toMatchObject({ done: false, versions: 1 });
  });

  it('does not read what is still to be made, nor where it knows no way', async () => {
    const some: Replica[] = [
      { ...replicas[0]!, state: 'wanted' },
      { ...replicas[1]!, state: 'damaged' },
      { ...replicas[2]!, locationId: 'z' as Replica['locationId'] },
    ];
    const progress = nothingYet();
    await verifyVersions(copies, some, progress, alive);
    expect(progress.copies.map(({ state }) => state)).toEqual(['pending', 'intact', 'unreachable']);
    expect(progress.bytesRead).toBe(objectBytes);
  });

  it('stops when nobody waits for the answer', async () => {
    const asker = new AbortController();
    asker.abort(new Error('gone'));
    await expect(verify({ bytes: 1e9, ms: 60_000 }, asker.signal)).rejects.toThrow('gone');
  });
});
