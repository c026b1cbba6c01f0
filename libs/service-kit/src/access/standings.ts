import { abilityFor, type FamilyAbility } from '@heirloom/access';
import { Injectable } from '@nestjs/common';
import {
  AppError,
  limits,
  policyMessages,
  standingMessages,
  type AccountId,
  type MessageOutput,
  type Standing,
} from '@heirloom/contracts';
import type { Log } from '../logging/logger.ts';
import { Bus } from '../messages/bus.ts';
import { OpenRequests } from './open-requests.ts';
import type { Person } from './person.ts';
import { PulledChanges, type ChangesListener } from './pulled-changes.ts';

export interface Known {
  readonly standing: Standing;
  readonly ability: FamilyAbility;
}
interface Entry {
  readonly known: Promise<Known>;
  readonly askedAt: number;
}
type StandingChange = MessageOutput<typeof standingMessages.changesSince>['changes'][number];

/** For whom, and for what, a standing is asked. Times are those of performance.now(). */
export interface StandingQuestion {
  readonly person: Person;
  readonly token: string;
  readonly requestId: string;
  /** When the request or message came that is to be decided. */
  readonly begunAt: number;
}

const maxEntries = 10_000;

/**
 * What people may do, as sharing-policy says, kept for limits.standingCacheMs at most. Whose standing has changed is
 * pulled from there: it is forgotten, and where it is less than before the requests that were decided by it are cut.
 * Where it cannot be had or checked nothing is allowed: an old answer is never stretched.
 */
@Injectable()
export class Standings {
  readonly #entries = new Map<AccountId, Entry>();
  readonly #changes: PulledChanges<StandingChange>;
  /** A change is told again for as long as an older transaction runs; it cuts requests once. */
  #heardBefore: ReadonlySet<string> = new Set();
  #hearing = new Set<string>();

  constructor(
    private readonly bus: Bus,
    private readonly open: OpenRequests,
    log: Log,
  ) {
    const listener: ChangesListener<StandingChange> = {
      what: 'what people may do',
      ask: (question, options) => bus.ask(standingMessages.changesSince, question, options),
      heard: (change) => this.#changed(change),
      confirmed: () => this.#remember(),
      lost: () => this.#forgetAll(),
      stale: () => this.#cut(() => true, notCheckable()),
    };
    this.#changes = new PulledChanges(listener, log);
  }

  /** Pulls changes for the first time and keeps pulling. */
  start(): Promise<void> {
    return this.#changes.start();
  }

  stop(): Promise<void> {
    return this.#changes.stop();
  }

  /** Pulls sooner than it would. */
  pull(): Promise<void> {
    return this.#changes.pull();
  }

  get stale(): boolean {
    return this.#changes.stale;
  }

  /**
   * `enough` decides on what is asked for. Where it says no to something that was kept from before the request, it is
   * asked once more: nobody is refused what they were given a moment ago.
   *
   * @throws AppError `unavailable` or `timeout`, `revocations-stale` while changes cannot be had
   */
  async known(question: StandingQuestion, enough: (known: Known) => boolean): Promise<Known> {
    const known = await this.#known(question, performance.now() - limits.standingCacheMs);
    return enough(known) ? known : this.#known(question, question.begunAt);
  }

  /** Forgets what is known of someone, also what is just being asked. */
  drop(accountId: AccountId): void {
    this.#entries.delete(accountId);
  }

  async #known(question: StandingQuestion, notBefore: number): Promise<Known> {
    if (!(await this.#changes.isFresh())) throw notCheckable();
    const { accountId } = question.person;
    const entry = this.#entries.get(accountId);
    if (entry && entry.askedAt >= notBefore) return entry.known;
    const fresh: Entry = { known: this.#ask(question), askedAt: performance.now() };
    this.#entries.delete(accountId);
    this.#entries.set(accountId, fresh);
    if (this.#entries.size > maxEntries) this.#entries.delete(this.#entries.keys().next().value!);
    fresh.known.catch(() => {
      if (this.#entries.get(accountId) === fresh) this.#entries.delete(accountId);
    });
    return fresh.known;
  }

  async #ask({ person, token, requestId }: StandingQuestion): Promise<Known> {
    const standing = await this.bus.ask(policyMessages.standing, {}, { token, requestId });
    if (standing.accountId !== person.accountId) throw new Error('the standing of someone else was answered');
    return { standing, ability: abilityFor(standing) };
  }

  #changed({ accountId, less, at }: StandingChange): void {
    this.drop(accountId);
    const change = `${accountId} ${at.getTime()}`;
    this.#hearing.add(change);
    if (less && !this.#heardBefore.has(change)) this.#cut((one) => one === accountId, changed());
  }

  #remember(): void {
    this.#heardBefore = this.#hearing;
    this.#hearing = new Set();
  }

  #forgetAll(): void {
    this.#entries.clear();
    this.#cut(() => true, changed());
  }

  #cut(whose: (accountId: AccountId) => boolean, reason: AppError): void {
    this.open.cut(({ decidedByStanding, person }) => decidedByStanding && whose(person.accountId), reason);
  }
}

const notCheckable = () =>
  new AppError('revocations-stale', {
    detail: 'The server cannot check right now what you may do. Try again in a moment.',
  });

/** What was cut may still be allowed, so it is to be sent again, and decided anew. */
const changed = () =>
  new AppError('unavailable', { detail: 'What you may do has changed meanwhile. Try again.' });
