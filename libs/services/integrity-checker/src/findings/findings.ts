import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import {
  integrityRoutes,
  limits,
  newId,
  objectName,
  type AuditAct,
  type BadCopy,
  type Finding,
  type FindingId,
  type FindingState,
  type LocationId,
  type ObjectName,
  type RouteInput,
  type ScrubId,
} from '@heirloom/contracts';
import { StaffNudges } from '@heirloom/service-kit';
import { byItself, recordAct } from '@heirloom/service-kit';
import { Database } from '../database.ts';
import type { Finding as FindingRow, Prisma } from '../generated/client.ts';

/** The slice of a scrub in which something was found. */
export interface Place {
  scrubId: ScrubId;
  locationId: LocationId;
  number: number;
}

/** A finding of which more is to be learned or done. */
export interface LiveFinding {
  id: string;
  locationId: LocationId;
  kind: BadCopy | 'unknown';
  state: 'suspected' | 'open' | 'repairing' | 'unrepairable';
  path: string;
}

/** What is at its end is kept as history. */
const ended: readonly FindingState[] = ['repaired', 'gone'];
/** What a person may want to look at. */
const alive = ['open', 'repairing', 'unrepairable', 'reported'] as const;
/** Who looks at a finding has so long before somebody else may. */
const lookMs = 30_000;

/** Where an object lies below a location's objects. */
export const pathOfObject = (name: ObjectName): string => `${name.slice(0, 2)}/${name.slice(2, 4)}/${name}`;

/** The object that lies at a path; undefined where no object would lie. */
export function objectAt(path: string): ObjectName | undefined {
  const parsed = objectName.safeParse(path.slice(6));
  return parsed.success && pathOfObject(parsed.data) === path ? parsed.data : undefined;
}

/** What scrubs have found, from the first sight to its end. */
@Injectable()
export class Findings {
  constructor(
    private readonly db: Database,
    private readonly nudges: StaffNudges,
  ) {}

  /** How many are not at their end, by their state. */
  async live(): Promise<Record<(typeof alive)[number], number>> {
    const rows = await this.db.finding.groupBy({
      by: ['state'],
      where: { state: { in: [...alive] } },
      _count: true,
    });
    const of = (state: FindingState) => rows.find((row) => row.state === state)?._count ?? 0;
    return {
      open: of('open'),
      repairing: of('repairing'),
      unrepairable: of('unrepairable'),
      reported: of('reported'),
    };
  }

  /** Notes a copy that was read twice and is not good. Seen again, it is told to vault again. */
  async noteBad(place: Place, object: ObjectName, kind: BadCopy): Promise<void> {
    const now = new Date();
    const data = { scrubId: place.scrubId, kind, state: 'open', dueAt: now, changedAt: now } as const;
    await this.#note(place, pathOfObject(object), data, data);
  }

  /** Notes a path that is no object's. */
  async noteStranger(place: Place, path: string): Promise<void> {
    const first = { kind: 'unknown', state: 'reported', dueAt: new Date() } as const;
    await this.#note(place, path, first, { scrubId: place.scrubId });
  }

  /** Notes an object that the catalogue does not know. It is looked at again after the time of grace. */
  async noteUnknown(place: Place, object: ObjectName, graceMs: number): Promise<void> {
    const first = { kind: 'unknown', state: 'suspected', dueAt: new Date(Date.now() + graceMs) } as const;
    await this.#note(place, pathOfObject(object), first, { scrubId: place.scrubId });
  }

  /** Ends the reports of unknown things in a slice that a whole reading of it did not see any more. */
  async endUnseen({ scrubId, locationId, number }: Place): Promise<void> {
    await this.db.finding.updateMany({
      where: { locationId, slice: number, kind: 'unknown', state: 'reported', scrubId: { not: scrubId } },
      data: { state: 'gone', live: null, changedAt: new Date() },
    });
    this.nudges.tell('findings');
  }

  /** Takes findings that are due, so that nobody else looks at them for a while. */
  async take(): Promise<LiveFinding[]> {
    return this.db.$queryRaw<LiveFinding[]>`
      WITH due AS (
        SELECT id FROM findings
        WHERE state IN ('suspected', 'open', 'repairing', 'unrepairable') AND due_at <= now()
        ORDER BY due_at LIMIT ${limits.objectsPerQuestion} FOR UPDATE SKIP LOCKED
      )
      UPDATE findings f SET due_at = now() + ${lookMs} * interval '1 millisecond'
      FROM due WHERE f.id = due.id
      RETURNING f.id, f.location_id AS "locationId", f.kind, f.state, f.path`;
  }

  /** Puts findings into a state, if they are still in the one in which they were taken. */
  async settle(findings: readonly LiveFinding[], state: FindingState, lookAgainInMs: number): Promise<void> {
    if (findings.some((finding) => finding.state !== state)) this.nudges.tell('findings');
    const now = Date.now();
    const isEnd = ended.includes(state);
    const dueAt = new Date(now + lookAgainInMs);
    for (const [before, same] of Map.groupBy(findings, (finding) => finding.state)) {
      const change = {
        where: { id: { in: same.map(({ id }) => id) }, state: before },
        data: {
          dueAt,
          ...(before === state ? {} : { state, changedAt: new Date(now) }),
          ...(isEnd ? { live: null } : {}),
        },
        select: { locationId: true, kind: true },
      };
      await this.db.$transaction(async (tx) => {
        const settled = await tx.finding.updateManyAndReturn(change);
        await recordAct(tx, ...actsOf(settled, before, state));
      });
    }
  }

  /** Forgets suspicions that have come to nothing. */
  async forget(findings: readonly LiveFinding[]): Promise<void> {
    await this.db.finding.deleteMany({
      where: { id: { in: findings.map(({ id }) => id) }, state: 'suspected' },
    });
  }

  /** The newest first. */
  async list({ scrubId, state, before, limit }: RouteInput<typeof integrityRoutes.findings>['query']) {
    const rows = await this.db.finding.findMany({
      where: {
        state: state ?? { not: 'suspected' },
        ...(scrubId ? { scrubId } : {}),
        ...(before ? { id: { lt: before } } : {}),
      },
      orderBy: { id: 'desc' },
      take: limit + 1,
    });
    const findings = rows.slice(0, limit).map(toFinding);
    return { findings, next: rows.length > limit ? findings.at(-1)!.findingId : null };
  }

  async #note(
    { scrubId, locationId, number }: Place,
    path: string,
    first: Pick<Prisma.FindingCreateInput, 'kind' | 'state' | 'dueAt'>,
    again: Prisma.FindingUpdateInput,
  ): Promise<void> {
    // A hash, since a path may be longer than what an index holds.
    const live = createHash('sha256').update(`${locationId}/${path}`).digest('hex');
    await this.db.finding.upsert({
      where: { live },
      create: {
        id: newId(),
        scrubId,
        locationId,
        slice: number,
        path: path.slice(0, limits.unknownPathCharacters),
        live,
        kind: first.kind,
        state: first.state,
        dueAt: first.dueAt,
      },
      update: again,
    });
    this.nudges.tell('findings');
  }
}

const toFinding = (row: FindingRow): Finding => ({
  findingId: row.id as FindingId,
  scrubId: row.scrubId as ScrubId,
  locationId: row.locationId as LocationId,
  kind: row.kind,
  state: row.state as FindingState,
  object: objectAt(row.path) ?? null,
  path: row.path,
  foundAt: row.foundAt,
  changedAt: row.changedAt,
});

/**
 * What the audit trail says of findings that went from one state to another: counts by location and kind, since a disk that is
 * gone is a million of them.
 */
function actsOf(
  settled: readonly Pick<FindingRow, 'locationId' | 'kind'>[],
  before: LiveFinding['state'],
  after: FindingState,
): AuditAct[] {
  const isNews = after === 'repaired' || (after === 'unrepairable' && before !== after);
  const kinds = [
    ...(before === 'open' ? (['finding-opened'] as const) : []),
    ...(isNews ? ([`finding-${after}`] as const) : []),
  ];
  const groups = Map.groupBy(settled, ({ locationId, kind }) => `${locationId} ${kind}`);
  return kinds.flatMap((kind) =>
    [...groups.values()].map((same): AuditAct => {
      const [{ locationId, kind: how }] = same as [FindingRow];
      const details = {
        kind: how as BadCopy,
        locationId: locationId as LocationId,
        copies: same.length,
      };
      return { kind, actor: byItself, details };
    }),
  );
}
