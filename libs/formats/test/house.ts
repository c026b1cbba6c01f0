import { expect, it } from '@jest/globals';
import { newId, type AlbumId, type CollectionId } from '@heirloom/contracts';
import { replayLog, rotationsDue, type LogError, type LogFault } from '../src/index.ts';
import { Person, TestLog, type Draft } from './family-log.ts';

/** A family of five: owner, adult, child, viewer, and one who was removed. Everything is fresh, nothing is due. */
export interface House {
  log: TestLog;
  owner: Person;
  adult: Person;
  child: Person;
  viewer: Person;
  removed: Person;
  vault: CollectionId;
  /** Of the owner. */
  album: CollectionId;
  everyone: Person[];
}

async function build(): Promise<House> {
  const log = new TestLog();
  const owner = new Person();
  await log.found(owner);
  const vault = await log.album(owner, true);
  const adult = await log.member(owner, 'adult');
  const child = await log.member(owner, 'child');
  const viewer = await log.member(owner, 'viewer');
  const removed = await log.member(owner, 'adult');
  await log.append({ author: owner, event: { kind: 'member-removed', account: removed.account } });
  const everyone = [owner, adult, child, viewer];
  for (const id of rotationsDue(log.state)) await log.mint(owner, everyone, id);
  return { log, owner, adult, child, viewer, removed, vault, album: await log.album(owner), everyone };
}

let built: Promise<House> | undefined;
/** A house of one's own: what a test writes into its log stays there. */
export async function house(): Promise<House> {
  const first = await (built ??= build());
  return { ...first, log: first.log.copy(), everyone: [...first.everyone] };
}

/** What a test does to a house; the drafts that it returns are appended at once. */
export type Act = (house: House) => Promise<Draft[] | Draft | void> | Draft[] | Draft;

export async function run(act: Act): Promise<House> {
  const h = await house();
  const drafts = await act(h);
  if (drafts) await h.log.append(...[drafts].flat());
  return h;
}

export const allowed = (cases: Record<string, [Act, (house: House) => void]>): void => {
  it.each(Object.keys(cases))('%s', async (name) => {
    const [act, check] = cases[name]!;
    const h = await run(act);
    check(h);
    expect(await replayLog(h.log.family, h.log.entries)).toEqual(h.log.state);
  });
};
export const refused = (cases: Record<string, [LogFault, RegExp, Act]>): void => {
  it.each(Object.keys(cases))('refused: %s', async (name) => {
    const [fault, sentence, act] = cases[name]!;
    const error = await run(act).then(
      () => undefined,
      (thrown: unknown) => thrown as LogError,
    );
    expect(error).toMatchObject({ code: 'log-invalid', fault });
    expect(error!.message).toMatch(sentence);
    expect(error!.message).toMatch(/\.$/);
  });
};

export const album = (id = newId<AlbumId>()) => ({ kind: 'album-created', album: id }) as const;
export const revoked = (collection: CollectionId, { account: grantee }: Person) =>
  ({ kind: 'grant-revoked', scope: 'album', collection, grantee }) as const;
export const deviceAdded = ({ account, device }: Person) =>
  ({ kind: 'device-added', account, device: device.id, sign: device.key.publicKey }) as const;
