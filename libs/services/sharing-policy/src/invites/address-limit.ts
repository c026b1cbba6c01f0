import { Injectable } from '@nestjs/common';
import { AppError, limits } from '@heirloom/contracts';

const minuteMs = 60_000;

/**
 * How many requests about invites one network address may make, in this process. Access codes have 256 bits, so this
 * keeps nobody from guessing; it keeps strangers from making us work.
 */
@Injectable()
export class AddressLimit {
  #counts = new Map<string, number>();
  #since = Number.NEGATIVE_INFINITY;

  /** @throws AppError `too-many-requests` */
  count(address: string, now = performance.now()): void {
    if (now - this.#since >= minuteMs) {
      this.#counts = new Map();
      this.#since = now;
    }
    const count = (this.#counts.get(address) ?? 0) + 1;
    this.#counts.set(address, count);
    if (count > limits.inviteRequestsPerMinute) throw new AppError('too-many-requests');
  }
}
