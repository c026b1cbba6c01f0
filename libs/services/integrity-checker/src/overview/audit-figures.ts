import { Injectable } from '@nestjs/common';
import type { Overview } from '@heirloom/contracts';
import { AuditChecks } from '../audit/audit-checks.ts';
import { Collector } from '../audit/collector.ts';
import { Database } from '../database.ts';

/** How the audit trail is as a whole. */
@Injectable()
export class AuditFigures {
  constructor(
    private readonly db: Database,
    private readonly collector: Collector,
    private readonly checks: AuditChecks,
  ) {}

  async read(): Promise<Overview['audit']> {
    const [chain, confirmedAt, checks] = await Promise.all([
      this.db.auditChain.findUnique({ where: { id: 1 }, select: { size: true, startSize: true } }),
      this.collector.confirmedAt(),
      // One may run, and the one before it has ended.
      this.checks.list(2),
    ]);
    return {
      entries: chain ? Number(chain.size - chain.startSize) : 0,
      confirmedAt: confirmedAt ?? null,
      lastCheck: checks.find(({ state }) => state !== 'running') ?? null,
    };
  }
}
