import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { limits } from '@heirloom/contracts';
import { signHandover } from '@heirloom/formats';
import type { Database } from '../database.ts';
import type { LogKey } from './log-key.ts';

/**
 * The keys of heads, and how clients come from one to the next. While there is a previous one, heads carry both signatures
 * and newcomers pin the previous one, since a process that was not restarted yet signs with nothing else. The handover
 * stays in the database, so that a device which comes back years later still follows.
 */
@Injectable()
export class LogKeys implements OnApplicationBootstrap {
  constructor(
    private readonly db: Database,
    private readonly current: LogKey,
    private readonly previous: LogKey | undefined,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    if (!this.previous || this.previous.verifierKey === this.current.verifierKey) return;
    const handover = {
      fromKey: this.previous.verifierKey,
      toKey: this.current.verifierKey,
      note: await signHandover(this.previous, this.current),
    };
    await this.db.logKeyHandover.createMany({ data: [handover], skipDuplicates: true });
  }

  /** Who signs heads now. */
  get signers(): [LogKey, ...LogKey[]] {
    return this.previous ? [this.current, this.previous] : [this.current];
  }

  /** The key that whoever comes now pins. */
  get pinned(): string {
    return (this.previous ?? this.current).verifierKey;
  }

  /** Signed notes, the oldest first. */
  async handovers(): Promise<string[]> {
    const newest = await this.db.logKeyHandover.findMany({
      orderBy: { createdAt: 'desc' },
      take: limits.logKeyHandovers,
    });
    return newest.reverse().map(({ note }) => note);
  }
}
