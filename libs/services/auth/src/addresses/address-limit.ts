import { AppError, limits } from '@heirloom/contracts';
import { Injectable } from '@nestjs/common';
import { createHmac } from 'node:crypto';
import { Database } from '../database.ts';
import { Opaque } from '../opaque/opaque.ts';
import { addressGroup } from './address-group.ts';

/** How many requests one network address may make to sign up or log in, counted for all instances together. */
@Injectable()
export class AddressLimit {
  readonly #key: Uint8Array;

  constructor(
    private readonly database: Database,
    opaque: Opaque,
  ) {
    this.#key = opaque.deriveKey('address');
  }

  /** @throws AppError `too-many-requests` */
  async count(address: string): Promise<void> {
    const hash = createHmac('sha256', this.#key).update(addressGroup(address)).digest();
    const [row] = await this.database.$queryRaw<{ count: number }[]>`
      INSERT INTO request_counts (address_hash, minute, count)
      VALUES (${hash}, date_trunc('minute', now()), 1)
      ON CONFLICT (address_hash, minute) DO UPDATE SET count = request_counts.count + 1
      RETURNING count`;
    const count = row?.count ?? 0;
    // Whoever begins a minute clears some of what is over, so that the table stays small without a job.
    if (count === 1) await this.#sweep();
    if (count > limits.authRequestsPerMinute) throw new AppError('too-many-requests');
  }

  async #sweep(): Promise<void> {
    await this.database.$executeRaw`
      DELETE FROM request_counts WHERE (address_hash, minute) IN (
        SELECT address_hash, minute FROM request_counts WHERE minute < now() - interval '5 minutes'
        LIMIT 100 FOR UPDATE SKIP LOCKED)`;
  }
}
