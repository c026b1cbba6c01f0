import { describe, expect, it } from '@jest/globals';
import { invitedRole, limits, type AlbumRole, type CollectionId } from '@heirloom/contracts';
import fc from 'fast-check';
import { Person, TestLog, type TestInvite } from '../../../test/family-log.ts';
import { deviceAdded, revoked } from '../../../test/house.ts';
import {
  headOf,
  logEntryStatement,
  mayMint,
  merkleRoot,
  leafHash,
  mustBeHead,
  replayLog,
  rotationsDue,
  signedEnvelope,
  LogError,
  type FamilyCollection,
} from '../../index.ts';

/** A family that does something random, again and again, but only what it may do. */
class LivingFamily {
  readonly log = new TestLog();
  readonly people: Person[] = [new Person()];
  readonly invites: TestInvite[] = [];

  get owner(): Person {
    return this.people[0]!;
  }
  get members(): Person[] {
    return this.people.filter(({ account }) => this.log.state.members.has(account));
  }
  get albums(): [CollectionId, FamilyCollection][] {
    return [...this.log.state.collections].filter(([, { scope }]) => scope === 'album');
  }

  async begin(): Promise<void> {
    await this.log.found(this.owner);
    await this.log.album(this.owner, true);
  }

  /** One step. Where the dice name something that cannot be done now, keys that are due are made instead. */
  async step([move, first, second]: readonly [number, number, number]): Promise<void> {
    const moves = [
      this.#invite,
      this.#join,
      this.#album,
      this.#share,
      this.#unshare,
      this.#remove,
      this.#device,
      this.#rotate,
    ];
    const done = await moves[move % moves.length]!.call(this, first, second);
    if (!done) await this.#rotate(first);
  }

  async #invite(dice: number): Promise<boolean> {
    const { log } = this;
    const open = [...log.state.invites.values()].filter(({ state }) => state === 'open').length;
    if (log.state.members.size + open >= limits.membersPerFamily || rotationsDue(log.state).length > 0)
      return false;
    this.invites.push(await log.invite(this.owner, pick(invitedRole.options, dice)!));
    return true;
  }

  async #join(dice: number): Promise<boolean> {
    const open = this.invites.filter(({ id }) => this.log.state.invites.get(id)!.state === 'open');
    const invite = pick(open, dice);
    if (!invite) return false;
    if (dice % 5 === 0) {
      await this.log.append({ author: this.owner, event: { kind: 'invite-revoked', invite: invite.id } });
    } else {
      this.people.push(await this.log.join(invite));
    }
    return true;
  }

  async #album(dice: number): Promise<boolean> {
    const makers = this.members.filter(
      ({ account }) => this.log.state.members.get(account)!.role !== 'viewer',
    );
    await this.log.album(pick(makers, dice)!);
    return true;
  }

  async #share(dice: number, second: number): Promise<boolean> {
    const [id, collection] =
      pick(
        this.albums.filter(([, one]) => !one.rotationDue && !one.vault),
        dice,
      ) ?? [];
    const author = collection && this.#manager(collection);
    if (!author) return false;
    const grantee = pick(
      this.members.filter((one) => one !== author),
      second,
    );
    if (!grantee) return false;
    const viewer = this.log.state.members.get(grantee.account)!.role === 'viewer';
    const roles: AlbumRole[] = viewer ? ['viewer'] : ['viewer', 'contributor', 'manager'];
    await this.log.share(author, id!, grantee, pick(roles, second)!);
    return true;
  }

  async #unshare(dice: number): Promise<boolean> {
    const shared = this.albums.filter(([, one]) => !one.vault && one.holders.size > 1);
    const [id, collection] = pick(shared, dice) ?? [];
    const author = collection && this.#manager(collection);
    const loser =
      collection && this.members.find((one) => one !== author && collection.holders.has(one.account));
    if (!author || !loser) return false;
    await this.log.append({ author, event: revoked(id!, loser) });
    return true;
  }

  async #remove(dice: number): Promise<boolean> {
    const member = pick(this.members.slice(1), dice);
    if (!member || dice % 3 > 0) return false;
    const author = dice % 2 === 0 ? this.owner : member;
    await this.log.append({ author, event: { kind: 'member-removed', account: member.account } });
    return true;
  }

  async #device(dice: number): Promise<boolean> {
    const author = pick(this.members, dice)!;
    const known = this.log.state.devices.get(author.device.id);
    if (known?.revoked) return false;
    const { account, device } = author;
    const event = known
      ? ({ kind: 'device-revoked', account, device: device.id } as const)
      : deviceAdded(author);
    await this.log.append({ author, event, signer: known && dice % 2 === 0 ? device.key : author.key });
    return true;
  }

  async #rotate(dice: number): Promise<boolean> {
    const { log } = this;
    const id = pick(rotationsDue(log.state), dice);
    const author =
      id &&
      pick(
        this.members.filter(({ account }) => mayMint(log.state, account, id)),
        dice,
      );
    if (!author) return false;
    await log.mint(author, this.people, id);
    return true;
  }

  #manager({ holders }: FamilyCollection): Person | undefined {
    return this.members.find(
      ({ account }) =>
        holders.get(account)?.role === 'manager' && this.log.state.members.get(account)!.role !== 'viewer',
    );
  }
}

const pick = <T>(options: readonly T[], dice: number): T | undefined =>
  options[dice % Math.max(options.length, 1)];

const die = fc.nat({ max: 255 });
const steps = fc.array(fc.tuple(die, die, die), { minLength: 8, maxLength: 24 });

async function live(dice: readonly (readonly [number, number, number])[]): Promise<LivingFamily> {
  const family = new LivingFamily();
  await family.begin();
  for (const one of dice) await family.step(one);
  return family;
}

describe('whatever a family does', () => {
  it('its log reads to the same state, and its root is that of RFC 6962', async () => {
    await fc.assert(
      fc.asyncProperty(steps, async (dice) => {
        const { log } = await live(dice);
        const state = await replayLog(log.family, log.entries);
        expect(state).toEqual(log.state);
        const root = merkleRoot(log.entries.map(leafHash));
        expect(headOf(state)).toEqual({ size: log.entries.length, root });
      }),
      { numRuns: 8 },
    );
  });

  it('everyone in it has its newest key and the vault, and nobody else has anything', async () => {
    await fc.assert(
      fc.asyncProperty(steps, async (dice) => {
        const { members, collections } = (await live(dice)).log.state;
        for (const { scope, vault, holders, epoch } of collections.values()) {
          for (const [account, { keys }] of holders) {
            expect(members.has(account)).toBe(true);
            expect(keys.has(epoch)).toBe(true);
          }
          if (scope === 'family' || vault) expect(new Set(holders.keys())).toEqual(new Set(members.keys()));
        }
      }),
      { numRuns: 8 },
    );
  });

  it('whoever lost a collection has no key that was made afterwards', async () => {
    await fc.assert(
      fc.asyncProperty(steps, async (dice) => {
        const { log, people } = await live(dice);
        const states = await Promise.all(
          log.entries.map(async (bytes) => (await logEntryStatement.verify(bytes)).value),
        );
        for (const { account } of people) {
          const lost = states.findLast(
            ({ event }) => event.kind === 'member-removed' && event.account === account,
          );
          if (!lost || log.state.members.has(account)) continue;
          const later = states
            .slice(lost.index)
            .filter(({ event }) => event.kind === 'granted' && event.grantee === account);
          expect(later).toEqual([]);
        }
      }),
      { numRuns: 6 },
    );
  });
});

describe('whatever is changed in a log', () => {
  const refusal = async (log: TestLog, entries: Uint8Array[]): Promise<unknown> => {
    try {
      mustBeHead(headOf(await replayLog(log.family, entries)), headOf(log.state));
      return undefined;
    } catch (error) {
      return error;
    }
  };
  const changed = (name: string, change: (entries: Uint8Array[], at: number, die: number) => unknown) =>
    it(name, async () => {
      await fc.assert(
        fc.asyncProperty(steps, fc.nat(), fc.nat(), async (dice, at, die) => {
          const { log } = await live(dice);
          const entries = log.entries.map((one) => new Uint8Array(one));
          await change(entries, at % entries.length, die);
          expect(await refusal(log, entries)).toBeInstanceOf(LogError);
        }),
        { numRuns: 8 },
      );
    });

  changed('a bit is seen', (entries, at, die) => {
    const entry = entries[at]!;
    entry[die % entry.length]! ^= 1 << (die % 8);
  });
  changed('an entry that is left out is seen', (entries, at) => entries.splice(at, 1));
  changed('an entry that stands twice is seen', (entries, at) => entries.splice(at, 0, entries[at]!));
  changed('an entry at another place is seen', (entries, at, die) => {
    const [entry] = entries.splice(at, 1);
    entries.splice((at + 1 + (die % (entries.length - 1))) % entries.length, 0, entry!);
  });
  changed('an end that is cut off is seen', (entries, at) => entries.splice(Math.max(at, 1)));
  changed('an entry that another key has signed is seen', async (entries, at) => {
    const payload = logEntryStatement.payload.decode(signedEnvelope.decode(entries[at]!).payload);
    entries[at] = new Uint8Array(await logEntryStatement.sign(payload, new Person().key));
  });
});
