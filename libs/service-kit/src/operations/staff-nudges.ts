import { Injectable } from '@nestjs/common';
import { limits, type nudgeMessages, type ServiceName, type StaffTopic } from '@heirloom/contracts';
import type { Log } from '../logging/logger.ts';
import type { Bus } from '../messages/bus.ts';

type Nudge = (typeof nudgeMessages)[ServiceName];

/** Tells pages of the staff that something has changed. A nudge that is lost costs them a moment, so nobody waits for one. */
@Injectable()
export class StaffNudges {
  readonly #topics = new Set<StaffTopic>();
  #timer: NodeJS.Timeout | undefined;

  /** @param message undefined where nobody listens */
  constructor(
    private readonly bus: Bus,
    private readonly message: Nudge | undefined,
    private readonly log: Log,
  ) {}

  /** Topics that come close together are told together. */
  tell(...topics: StaffTopic[]): void {
    if (!this.message) return;
    for (const topic of topics) this.#topics.add(topic);
    this.#timer ??= setTimeout(() => void this.#send(this.message!), limits.eventGatherMs).unref();
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  async #send(message: Nudge): Promise<void> {
    const topics = [...this.#topics];
    this.#topics.clear();
    this.#timer = undefined;
    try {
      await this.bus.broadcast(message, { topics });
    } catch (err) {
      this.log.debug({ err }, 'the pages of the staff could not be told of a change');
    }
  }
}
