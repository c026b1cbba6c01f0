import { Injectable } from '@nestjs/common';
import {
  AppError,
  findingState,
  limits,
  newId,
  type AuditActor,
  type Checks,
  type FindingState,
  type LocationId,
  type Scrub,
  type ScrubId,
} from '@heirloom/contracts';
import { StaffNudges } from '@heirloom/service-kit';
import { byItself, recordAct } from '@heirloom/service-kit';
import { Database } from '../database.ts';
import type { Prisma, Scrub as ScrubRow } from '../generated/client.ts';

/** The one value of `running`: the column is unique, so two scrubs cannot both have it. */
const running = 1;

interface Ended {
  id: ScrubId;
  state: 'complete' | 'partial';
  copies: number;
  slicesFailed: number;
}

interface Counts {
  slices: number;
  done: number;
  failed: number;
  copies: number;
  bytesRead: bigint;
}

/** Scrubs and how far they are. */
@Injectable()
export class Scrubs {
  constructor(
    private readonly db: Database,
    private readonly nudges: StaffNudges,
  ) {}

  /** Begins a scrub unless one of this id is known or another one runs. @returns the one that there is now */
  async start(
    cause: 'schedule' | 'operator',
    actor: AuditActor,
    locations: readonly LocationId[],
    id: ScrubId = newId<ScrubId>(),
  ): Promise<Scrub> {
    await this.db.$transaction(async (tx) => {
      const known = await tx.scrub.findUnique({ where: { id }, select: { id: true } });
      if (known) return;
      const { count } = await tx.scrub.createMany({ data: { id, cause, running }, skipDuplicates: true });
      if (count === 0) return;
      await recordAct(tx, { kind: 'scrub-started', actor, subjectId: id, details: { cause } });
      await tx.$executeRaw`
        INSERT INTO slices (scrub_id, location_id, number)
        SELECT ${id}::uuid, location, number
        FROM unnest(${[...locations]}::text[]) AS location, generate_series(0, ${limits.slicesPerLocation - 1}) AS number`;
    });
    const row = await this.db.scrub.findFirst({
      where: { OR: [{ id }, { running }] },
      // Its own id first, wherever it stands by now.
      orderBy: { running: { sort: 'asc', nulls: 'first' } },
    });
    this.nudges.tell('scrubs');
    // The one that ran has ended in this very moment.
    if (!row) return this.start(cause, actor, locations, id);
    return this.read(row.id as ScrubId);
  }

  /** @throws AppError `not-found` */
  async read(id: ScrubId): Promise<Scrub> {
    const [scrub] = await this.#page({ where: { id } });
    if (!scrub) throw new AppError('not-found');
    return scrub;
  }

  /** The newest first. */
  list(limit: number): Promise<Scrub[]> {
    return this.#page({ orderBy: { startedAt: 'desc' }, take: limit });
  }

  /** When the last one began; undefined when there never was one. */
  async lastStartedAt(): Promise<Date | undefined> {
    const last = await this.db.scrub.findFirst({
      orderBy: { startedAt: 'desc' },
      select: { startedAt: true },
    });
    return last?.startedAt;
  }

  /** What everybody may know of them. */
  async checks(): Promise<Checks> {
    const now = await this.db.scrub.findUnique({ where: { running }, select: { id: true, startedAt: true } });
    const whole = await this.db.scrub.findFirst({
      where: { state: 'complete' },
      orderBy: { startedAt: 'desc' },
      select: { startedAt: true },
    });
    const counts = now && (await this.#counts([now.id])).get(now.id);
    // Without slices it has ended in this very moment.
    const share = counts ? (counts.done + counts.failed) / counts.slices : 1;
    return {
      checkedSince: whole?.startedAt ?? null,
      running: now && { startedAt: now.startedAt, share },
    };
  }

  /**
   * Ends the scrub that runs once none of its slices waits. Its counts are kept, its slices go. Safe to call at any
   * time, from several processes.
   *
   * @returns the scrub that this call has ended
   */
  async finish(): Promise<Scrub | undefined> {
    const ended = await this.db.$transaction(async (tx) => {
      const rows = await tx.$queryRaw<Ended[]>`
        UPDATE scrubs s SET
          state = (CASE WHEN c.failed > 0 THEN 'partial' ELSE 'complete' END)::scrub_state,
          running = NULL, finished_at = now(),
          slices = c.slices, slices_failed = c.failed, copies = c.copies, bytes_read = c.bytes_read
        FROM (
          SELECT scrub_id, count(*)::int AS slices, (count(*) FILTER (WHERE state = 'failed'))::int AS failed,
            sum(copies)::int AS copies, sum(bytes_read)::bigint AS bytes_read,
            bool_or(state = 'waiting') AS is_waiting
          FROM slices GROUP BY scrub_id
        ) c
        WHERE s.running = ${running} AND c.scrub_id = s.id AND NOT c.is_waiting
        RETURNING s.id, s.state, s.copies, s.slices_failed AS "slicesFailed"`;
      const [row] = rows;
      if (!row) return undefined;
      const { id, ...details } = row;
      await tx.slice.deleteMany({ where: { scrubId: id } });
      await recordAct(tx, { kind: 'scrub-finished', actor: byItself, subjectId: id, details });
      return id;
    });
    if (ended === undefined) return undefined;
    this.nudges.tell('scrubs');
    return this.read(ended);
  }

  /** Tells those who look on that a slice was read. */
  progressed(): void {
    this.nudges.tell('scrubs');
  }

  async #page(query: Prisma.ScrubFindManyArgs): Promise<Scrub[]> {
    const rows = await this.db.scrub.findMany(query);
    const ids = rows.map(({ id }) => id);
    const counts = await this.#counts(rows.filter((row) => row.running !== null).map(({ id }) => id));
    const findings = await this.db.finding.groupBy({
      by: ['scrubId', 'state'],
      where: { scrubId: { in: ids }, state: { not: 'suspected' } },
      _count: true,
    });
    return rows.map((row) => {
      const own = findings.filter(({ scrubId }) => scrubId === row.id);
      const entries = findingState.options.map(
        (state) => [state, own.find((one) => one.state === state)?._count ?? 0] as const,
      );
      return toScrub(row, counts.get(row.id) ?? countsOf(row), Object.fromEntries(entries));
    });
  }

  async #counts(ids: readonly string[]): Promise<Map<string, Counts>> {
    if (ids.length === 0) return new Map();
    const rows = await this.db.$queryRaw<(Counts & { id: string })[]>`
      SELECT scrub_id AS id, count(*)::int AS slices, (count(*) FILTER (WHERE state = 'done'))::int AS done,
        (count(*) FILTER (WHERE state = 'failed'))::int AS failed,
        sum(copies)::int AS copies, sum(bytes_read)::bigint AS "bytesRead"
      FROM slices WHERE scrub_id = ANY(${[...ids]}::uuid[]) GROUP BY scrub_id`;
    return new Map(rows.map((row) => [row.id, row]));
  }
}

/** Of a scrub that has ended: what its slices came to. */
const countsOf = ({ slices, slicesFailed, copies, bytesRead }: ScrubRow): Counts => ({
  slices,
  done: slices - slicesFailed,
  failed: slicesFailed,
  copies,
  bytesRead,
});

const toScrub = (row: ScrubRow, counts: Counts, findings: Record<string, number>): Scrub => ({
  scrubId: row.id as ScrubId,
  cause: row.cause,
  state: row.state,
  startedAt: row.startedAt,
  finishedAt: row.finishedAt,
  slices: counts.slices,
  slicesDone: counts.done,
  slicesFailed: counts.failed,
  copies: counts.copies,
  bytesRead: Number(counts.bytesRead),
  findings: findings as Record<FindingState, number>,
});
