import { Injectable } from '@nestjs/common';
import { AppError, authMessages, limits, type DeviceId, type MessageOutput } from '@heirloom/contracts';
import type { Log } from '../logging/logger.ts';
import { Bus } from '../messages/bus.ts';
import { OpenRequests } from './open-requests.ts';
import type { Person } from './person.ts';
import { PulledChanges, type ChangesListener } from './pulled-changes.ts';

type Revocation = MessageOutput<typeof authMessages.changesSince>['changes'][number];

/** A revoked device needs no entry once no token of it can be unexpired. */
const keepMs = 2 * limits.accessTokenMs;

/**
 * The devices that were revoked a short while ago, pulled from auth. Where the list is stale nobody is admitted and open
 * streams are cut: who cannot check refuses.
 */
@Injectable()
export class Revocations {
  readonly #revoked = new Map<DeviceId, number>();
  readonly #changes: PulledChanges<Revocation>;

  constructor(
    bus: Bus,
    private readonly open: OpenRequests,
    log: Log,
  ) {
    const listener: ChangesListener<Revocation> = {
      what: 'revoked devices',
      ask: (question, options) => bus.ask(authMessages.changesSince, question, options),
      heard: ({ deviceId }) => this.#revoke(deviceId),
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

  /** @throws AppError `revocations-stale` or `device-revoked` */
  check(person: Person): void {
    if (this.stale) throw new AppError('revocations-stale');
    if (this.#revoked.has(person.deviceId)) throw new AppError('device-revoked');
  }

  #revoke(deviceId: DeviceId): void {
    this.#revoked.set(deviceId, Date.now());
    this.open.cut(({ person }) => person.deviceId === deviceId, new AppError('device-revoked'));
  }

  #forgetOld(): void {
    for (const [deviceId, learnedAt] of this.#revoked) {
      if (Date.now() - learnedAt > keepMs) this.#revoked.delete(deviceId);
    }
  }
}
