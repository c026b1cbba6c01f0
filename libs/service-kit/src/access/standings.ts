import { abilityFor, type FamilyAbility } from '@heirloom/access';
import { Injectable } from '@nestjs/common';
import { limits, policyMessages, type AccountId, type Standing } from '@heirloom/contracts';
import { Bus } from '../messages/bus.ts';
import type { Person } from './person.ts';

interface Known {
  readonly standing: Standing;
  readonly ability: FamilyAbility;
}
interface Entry {
  readonly known: Promise<Known>;
  readonly expiresAt: number;
}
const maxEntries = 10_000;

/**
 * What people may do, as sharing-policy says, kept for limits.standingCacheMs at most. Where it cannot be had, the
 * question fails and nothing is allowed: an old answer is never stretched.
 */
@Injectable()
export class Standings {
  readonly #entries = new Map<AccountId, Entry>();

  constructor(private readonly bus: Bus) {}

  /** @throws AppError `unavailable` or `timeout` */
  async standing(person: Person, token: string, requestId?: string): Promise<Standing> {
    return (await this.#known(person, token, requestId)).standing;
  }

  /** @throws AppError `unavailable` or `timeout` */
  async ability(person: Person, token: string, requestId?: string): Promise<FamilyAbility> {
    return (await this.#known(person, token, requestId)).ability;
  }

  /** Forgets what is known of someone, also what is just being asked. */
  drop(accountId: AccountId): void {
    this.#entries.delete(accountId);
  }

  #known(person: Person, token: string, requestId: string | undefined): Promise<Known> {
    const entry = this.#entries.get(person.accountId);
    if (entry && entry.expiresAt > performance.now()) return entry.known;
    const known = this.#ask(person, token, requestId);
    const fresh: Entry = { known, expiresAt: performance.now() + limits.standingCacheMs };
    this.#entries.delete(person.accountId);
    this.#entries.set(person.accountId, fresh);
    if (this.#entries.size > maxEntries) this.#entries.delete(this.#entries.keys().next().value!);
    known.catch(() => {
      if (this.#entries.get(person.accountId) === fresh) this.#entries.delete(person.accountId);
    });
    return known;
  }

  async #ask(person: Person, token: string, requestId: string | undefined): Promise<Known> {
    const standing = await this.bus.ask(
      policyMessages.standing,
      {},
      { token, ...(requestId ? { requestId } : {}) },
    );
    if (standing.accountId !== person.accountId) throw new Error('the standing of someone else was answered');
    return { standing, ability: abilityFor(standing) };
  }
}
