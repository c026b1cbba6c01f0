import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId, type UploadId } from '@heirloom/contracts';
import { randomBytesOf, TestVault, type TestPerson } from '../vault.spec-helper.ts';
import { Locations } from '../locations/locations.ts';
import { Quotas } from '../quotas/quotas.ts';
import { RunningHashes } from './running-hashes.ts';
import { Staging } from './staging.ts';
import { SweepUploads } from './sweep-uploads.ts';
import { UploadLeases } from './upload-lease.ts';
import { Uploads } from './uploads.ts';

let vault: TestVault;
let owner: TestPerson;
let sweeper: SweepUploads;
beforeAll(async () => {
  vault = await TestVault.start();
  owner = await vault.person();
  const { db, places } = vault;
  const locations = new Locations(
    places.map(({ location }) => location),
    2,
  );
  const leases = new UploadLeases(db);
  const staging = new Staging(db, locations);
  const quotas = new Quotas(db, vault.policyBus, { account: null, family: null });
  const uploads = new Uploads(db, locations, leases, staging, new RunningHashes(), quotas);
  sweeper = new SweepUploads(db, locations, leases, uploads);
});
afterAll(() => vault[Symbol.asyncDispose]());

const staged = (id: string) => vault.places.filter(({ disk }) => disk.peek(`tmp/${id}`)).length;
const age = (id: string, ms: number, data = {}) =>
  vault.db.upload.update({ where: { id }, data: { touchedAt: new Date(Date.now() - ms), ...data } });

describe('sweeping', () => {
  it('takes idle uploads and their stages, and nobody’s work', async () => {
    const [idle, fresh, busy] = await Promise.all(
      [1, 2, 3].map(() => vault.upload(owner, randomBytesOf(1000))),
    );
    await age(idle!, 60_000);
    await age(busy!, 60_000, { writer: newId(), writerUntil: new Date(Date.now() + 60_000) });
    expect(await sweeper.sweep({ idleMs: 30_000 })).toEqual({ uploads: 1, stages: 0 });
    expect([staged(idle!), staged(fresh!), staged(busy!)]).toEqual([0, 2, 2]);
    expect(await vault.db.upload.findMany({ select: { id: true }, orderBy: { id: 'asc' } })).toEqual(
      [fresh!, busy!].sort().map((id) => ({ id })),
    );
  });

  it('takes stages that no upload knows, once they are old', async () => {
    const orphan = newId<UploadId>();
    await vault.places[0]!.location.openStage(orphan);
    expect((await sweeper.sweep()).stages).toBe(0);
    expect(staged(orphan)).toBe(1);
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect((await sweeper.sweep({ stageMs: 20 })).stages).toBeGreaterThanOrEqual(1);
    expect(staged(orphan)).toBe(0);
  });
});
