import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { AuditAct } from '@heirloom/contracts';
import { Household, type Dweller } from '../household.spec-helper.ts';
import { startSystem, type TestSystem } from '../system.spec-helper.ts';

let system: TestSystem;
let house: Household;
let adult: Dweller;
let seen = 0;
beforeAll(async () => {
  system = await startSystem();
  house = await Household.found(system);
});
afterAll(async () => {
  await system[Symbol.asyncDispose]();
});

/** What was recorded since the last time it was asked. */
async function recorded(): Promise<AuditAct[]> {
  const { rows } = await system.sql.query<{ act: AuditAct }>('SELECT act FROM audit_acts ORDER BY seq');
  const acts = rows.slice(seen).map(({ act }) => act);
  seen = rows.length;
  return acts;
}
const by = ({ account }: Dweller) => ({ actor: { kind: 'person', id: account }, familyId: house.id });

describe('what happens to a family', () => {
  it('is recorded from its founding on, each act once', async () => {
    const founder = by(house.owner);
    expect(await recorded()).toEqual([
      { ...founder, kind: 'family-created', accountId: house.owner.account, details: {} },
      { ...founder, kind: 'album-made', subjectId: house.vault, details: {} },
    ]);
    const invite = await house.invite('adult');
    adult = await house.join(invite);
    const subjectId = invite.inviteId;
    expect(await recorded()).toEqual([
      { ...founder, kind: 'invite-made', subjectId, details: { role: 'adult' } },
      {
        ...by(adult),
        kind: 'member-joined',
        accountId: adult.account,
        subjectId,
        details: { role: 'adult' },
      },
    ]);
  });

  it('says who gave an album to whom, took it back, and made its next key, not who was handed that key', async () => {
    const album = await house.album(house.owner);
    await recorded();
    await house.share(house.owner, album, adult, 'contributor');
    const common = { ...by(house.owner), accountId: adult.account, subjectId: album };
    expect(await recorded()).toEqual([{ ...common, kind: 'album-shared', details: { role: 'contributor' } }]);
    await house.rotate(house.owner, album);
    expect(await recorded()).toEqual([
      { ...by(house.owner), kind: 'keys-rotated', subjectId: album, details: { epoch: 2 } },
    ]);
    await house.unshare(house.owner, album, adult);
    expect(await recorded()).toEqual([{ ...common, kind: 'album-unshared', details: {} }]);
  });

  it('is not recorded when it is refused', async () => {
    const album = await house.album(house.owner);
    await recorded();
    await expect(house.share(adult, album, house.owner, 'viewer')).rejects.toThrow();
    expect(await recorded()).toEqual([]);
  });
});
