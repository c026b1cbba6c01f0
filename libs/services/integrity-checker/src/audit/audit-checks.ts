import { Injectable } from '@nestjs/common';
import {
  AppError,
  newId,
  type AuditActor,
  type AuditCheck,
  type AuditCheckId,
  type AuditFault,
} from '@heirloom/contracts';
import type { AuditVerdict } from '@heirloom/formats';
import { byItself, recordAct } from '@heirloom/service-kit';
import { Database } from '../database.ts';
import type { AuditCheck as CheckRow } from '../generated/client.ts';
import { AuditChain } from './audit-chain.ts';

/** The one value of `running`: the column is unique, so two checks cannot both have it. */
const running = 1;
const leaseMs = 20_000;

/** Checks of the trail and how they ended. */
@Injectable()
export class AuditChecks {
  constructor(
    private readonly db: Database,
    private readonly chain: AuditChain,
  ) {}

  /** Begins a check unless one of this id is known or another one runs. @returns the one that there is now */
  async start(
    cause: 'schedule' | 'operator',
    actor: AuditActor,
    id = newId<AuditCheckId>(),
  ): Promise<AuditCheck> {
    await this.db.$transaction(async (tx) => {
      // Retention waits for this, or this for retention: entries do not go while they are read.
      await this.chain.lock(tx);
      if (await tx.auditCheck.findUnique({ where: { id }, select: { id: true } })) return;
      const { count } = await tx.auditCheck.createMany({
        data: { id, cause, running },
        skipDuplicates: true,
      });
      if (count === 0) return;
      await recordAct(tx, { kind: 'audit-check-started', actor, subjectId: id, details: { cause } });
    });
    const row = await this.db.auditCheck.findFirst({
      where: { OR: [{ id }, { running }] },
      // Its own id first, wherever it stands by now.
      orderBy: { running: { sort: 'asc', nulls: 'first' } },
    });
    // The one that ran has ended in this very moment.
    return row ? toCheck(row) : this.start(cause, actor, id);
  }

  /** The newest first. */
  async list(limit: number): Promise<AuditCheck[]> {
    const rows = await this.db.auditCheck.findMany({ orderBy: { startedAt: 'desc' }, take: limit });
    return rows.map(toCheck);
  }

  /** When the last one began; undefined when there never was one. */
  async lastStartedAt(): Promise<Date | undefined> {
    const [last] = await this.list(1);
    return last?.startedAt;
  }

  /** Takes the check that runs, unless somebody else reads for it. @returns its id */
  async lease(): Promise<AuditCheckId | undefined> {
    const [row] = await this.db.$queryRaw<{ id: AuditCheckId }[]>`
      UPDATE audit_checks SET leased_to = now() + ${leaseMs} * interval '1 millisecond'
      WHERE running = ${running} AND leased_to <= now() RETURNING id`;
    return row?.id;
  }

  /** @throws AppError `locked` when somebody else has taken over */
  async extend(id: AuditCheckId): Promise<void> {
    const isKept = await this.db.$executeRaw`
      UPDATE audit_checks SET leased_to = now() + ${leaseMs} * interval '1 millisecond'
      WHERE id = ${id}::uuid AND running = ${running}`;
    if (isKept === 0) throw new AppError('locked');
  }

  /** Lets somebody else begin the check anew at once. */
  async release(id: AuditCheckId): Promise<void> {
    await this.db.auditCheck.updateMany({ where: { id, running }, data: { leasedTo: new Date() } });
  }

  async finish(id: AuditCheckId, { first, entries, faults }: AuditVerdict): Promise<void> {
    await this.db.$transaction(async (tx) => {
      const { count } = await tx.auditCheck.updateMany({
        where: { id, running },
        data: {
          state: faults.length === 0 ? 'intact' : 'broken',
          running: null,
          first,
          entries,
          faults: [...faults],
          finishedAt: new Date(),
        },
      });
      if (count === 0) return;
      const details = { faults: faults.length };
      await recordAct(tx, { kind: 'audit-check-finished', actor: byItself, subjectId: id, details });
    });
  }
}

const toCheck = (row: CheckRow): AuditCheck => ({
  checkId: row.id as AuditCheckId,
  cause: row.cause,
  state: row.state,
  startedAt: row.startedAt,
  finishedAt: row.finishedAt,
  first: Number(row.first),
  entries: Number(row.entries),
  faults: row.faults as AuditFault[],
});
