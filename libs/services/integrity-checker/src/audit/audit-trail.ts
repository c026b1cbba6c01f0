import { Injectable } from '@nestjs/common';
import type { AuditItem } from '@heirloom/contracts';
import { Database } from '../database.ts';
import { toChained } from './entry-row.ts';

const pageEntries = 500;

/** How far a reading goes: what is added meanwhile is left to the next one. */
export interface TrailBounds {
  readonly startSize: bigint;
  readonly startNote: string | null;
  /** Entries as the chain counts them. */
  readonly size: bigint;
  /** The same, or more where a checkpoint has seen more. */
  readonly to: bigint;
}

/** Reads the trail as it stands in the tables, page by page. */
@Injectable()
export class AuditTrail {
  constructor(private readonly db: Database) {}

  async bounds(): Promise<TrailBounds> {
    const [bounds] = await this.db.$queryRaw<[TrailBounds]>`
      SELECT start_size AS "startSize", start_note AS "startNote", size,
        greatest(size, (SELECT max(index) + 1 FROM audit_entries), (SELECT max(size) FROM audit_checkpoints)) AS "to"
      FROM audit_chain`;
    return bounds;
  }

  /** @param each is called before each page */
  async *read(
    { startSize, startNote, to }: TrailBounds,
    each?: () => Promise<void>,
  ): AsyncGenerator<AuditItem> {
    if (startNote !== null) yield { start: startNote };
    let from = startSize;
    let done = startSize - 1n;
    while (done < to) {
      await each?.();
      const entries = await this.db.auditEntry.findMany({
        where: { index: { gte: from, lt: to } },
        orderBy: { index: 'asc' },
        take: pageEntries,
      });
      from = entries.length < pageEntries ? to : entries.at(-1)!.index + 1n;
      const checkpoints = await this.db.auditCheckpoint.findMany({
        where: { size: { gt: done, lte: from } },
        orderBy: [{ size: 'asc' }, { at: 'asc' }],
      });
      done = from;
      for (const entry of entries) {
        while (checkpoints[0] && checkpoints[0].size <= entry.index)
          yield { checkpoint: checkpoints.shift()!.note };
        yield { entry: toChained(entry) };
      }
      for (const { note } of checkpoints) yield { checkpoint: note };
    }
  }
}
