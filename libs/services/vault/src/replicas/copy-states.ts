import { Injectable } from '@nestjs/common';
import type {
  BadCopy,
  ExpectedCopy,
  LocationId,
  MessageInput,
  MessageOutput,
  ObjectName,
  RepairState,
  vaultMessages,
} from '@heirloom/contracts';
import { withRetry } from '@heirloom/service-kit';
import { Database, type Transaction } from '../database/database.ts';
import type { ReplicaState } from '../generated/client.ts';
import { Locations } from '../locations/locations.ts';

type Slice = typeof vaultMessages.replicaSlice;

/** Copies in other states are on their way out: nobody is to miss them, nor to wonder that they are there. */
export const keptStates = ['wanted', 'present', 'damaged', 'missing'] as const satisfies ReplicaState[];
export type KeptState = (typeof keptStates)[number];

export interface CopyPlace {
  locationId: LocationId;
  object: ObjectName;
}

/** What the catalogue says of copies, and how it learns that one is bad. */
@Injectable()
export class CopyStates {
  constructor(
    private readonly db: Database,
    private readonly locations: Locations,
  ) {}

  async slice({ locationId, from, to, after, limit }: MessageInput<Slice>): Promise<MessageOutput<Slice>> {
    const rows = await this.db.replica.findMany({
      where: {
        locationId,
        state: { in: [...keptStates] },
        objectName: {
          gte: from,
          ...(to === undefined ? {} : { lt: to }),
          ...(after === undefined ? {} : { gt: after }),
        },
      },
      orderBy: { objectName: 'asc' },
      take: limit + 1,
      select: { objectName: true, state: true, object: { select: { sizeBytes: true } } },
    });
    const copies = rows.slice(0, limit).map(({ objectName, state, object }): ExpectedCopy => ({
      object: objectName as ObjectName,
      objectBytes: Number(object.sizeBytes),
      state: state as KeptState,
    }));
    return { copies, next: rows.length > limit ? copies.at(-1)!.object : null };
  }

  /**
   * Notes that copies are bad, so that they are repaired. Those that are not said to be present stay as they are.
   *
   * @returns how many were noted, and how all of them stood before anybody could begin to repair them, in their order
   */
  reportBad(
    findings: readonly (CopyPlace & { kind: BadCopy })[],
  ): Promise<{ noted: number; states: RepairState[] }> {
    return withRetry(() =>
      this.db.$transaction(async (tx) => ({
        noted: await this.#markBad(tx, findings),
        states: await this.repairStates(findings, tx),
      })),
    );
  }

  #markBad(tx: Transaction, findings: readonly (CopyPlace & { kind: BadCopy })[]): Promise<number> {
    const known = findings.filter(({ locationId }) => this.locations.find(locationId));
    return tx.$executeRaw`
      UPDATE replicas r SET
        state = f.state::replica_state, lease_id = NULL, attempts = 0, due_at = now(), changed_at = now()
      FROM unnest(
        ${known.map(({ object }) => object)}::text[],
        ${known.map(({ locationId }) => locationId)}::text[],
        ${known.map(({ kind }) => (kind === 'missing' ? 'missing' : 'damaged'))}::text[]
      ) AS f (object_name, location_id, state)
      WHERE r.object_name = f.object_name AND r.location_id = f.location_id AND r.state = 'present'`;
  }

  /** In the order of the copies. */
  async repairStates(copies: readonly CopyPlace[], tx: Transaction = this.db): Promise<RepairState[]> {
    const names = [...new Set(copies.map(({ object }) => object))];
    const rows = await tx.replica.findMany({
      where: { objectName: { in: names } },
      select: { objectName: true, locationId: true, state: true },
    });
    const byObject = Map.groupBy(rows, ({ objectName }) => objectName);
    return copies.map(({ locationId, object }) => {
      const all = byObject.get(object) ?? [];
      const own = all.find((row) => row.locationId === locationId);
      if (!own || !this.locations.find(locationId)) return 'unknown';
      return repairState(
        own.state,
        all.some(({ state }) => state === 'present'),
      );
    });
  }
}

function repairState(state: ReplicaState, isGoodElsewhere: boolean): RepairState {
  if (state === 'present') return 'present';
  if (state === 'wanted' || state === 'removing' || state === 'removed') return 'pending';
  return isGoodElsewhere ? 'repairing' : 'unrepairable';
}
