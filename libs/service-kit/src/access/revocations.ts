import { Injectable } from '@nestjs/common';
import {
  AppError,
  authMessages,
  limits,
  type AccountId,
  type DeviceId,
  type MessageOutput,
} from '@heirloom/contracts';
import type { Log } from '../logging/logger.ts';
import { Bus } from '../messages/bus.ts';
import { OpenRequests } from './open-requests.ts';
import type { Person } from './person.ts';
import { PulledChanges, type ChangesListener } from './pulled-changes.ts';

type Change = MessageOutput<typeof authMessages.changesSince>['changes'][number];

/** A revoked device or a locked account needs no entry once no token of it can be unexpired: neither gets a new one. */
const keepMs = 2 * limits.accessTokenMs;

/**
 * The devices that were revoked and the accounts that were locked a short while ago, pulled from auth. Where the list is stale nobody is admitted and open
 * streams are cut: who cannot check refuses.
 */
@Injectable()
export class Revocations {
  readonly #revoked = new Map<DeviceId, number>();
  readonly #locked = new Map<AccountId, number>();
  readonly #changes: PulledChanges<Change>;

  constructor(
    bus: Bus,
    private readonly open: OpenRequests,
    log: Log,
  ) {
    const listener: ChangesListener<Change> = {
      what: 'revoked devices and locked accounts',
      ask: (question, options) => bus.ask(authMessages.changesSince, question, options),
      heard: (change) => this.#heard(change),
      confirmed: () => this.#forgetOld(),
      stale: () => this.open.cut(() => true, new AppError('revocations-stale')),
    };
    this.#changes = new PulledChanges(listener, log);
  }

  /** Pulls for the first time and keeps pulling. */
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

  /** Pulls first where the list is stale. @throws AppError `revocations-stale` where that did not help */
  async mustBeFresh(): Promise<void> {
    if (!(await this.#changes.isFresh())) throw new AppError('revocations-stale');
  }

  /** @throws AppError `revocations-stale`, `device-revoked` or `account-locked` */
  check(person: Person): void {
    if (this.stale) throw new AppError('revocations-stale');
    if (this.#revoked.has(person.deviceId)) throw new AppError('device-revoked');
    if (this.#locked.has(person.accountId)) throw new AppError('account-locked');
  }

  #heard(change: Change): void {
    if (change.kind === 'device-revoked') {
      this.#revoked.set(change.deviceId, Date.now());
      this.open.cut(({ person }) => person.deviceId === change.deviceId, new AppError('device-revoked'));
    } else if (change.kind === 'account-locked') {
      this.#locked.set(change.accountId, Date.now());
      this.open.cut(({ person }) => person.accountId === change.accountId, new AppError('account-locked'));
    } else {
      this.#locked.delete(change.accountId);
    }
  }

  #forgetOld(): void {
    forgetOld(this.#revoked);
    forgetOld(this.#locked);
  }
}

function forgetOld<K>(entries: Map<K, number>): void {
  for (const [id, learnedAt] of entries) if (Date.now() - learnedAt > keepMs) entries.delete(id);
}
