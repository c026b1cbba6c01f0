import { Controller } from '@nestjs/common';
import {
  AppError,
  auditExportFormat,
  auditExportHead,
  auditExportType,
  auditItem,
  auditRoutes,
  type RouteInput,
  type RouteOutput,
} from '@heirloom/contracts';
import { actorOf, OnRoute, recordAct, sendStream, type RequestContext } from '@heirloom/service-kit';
import { z } from 'zod';
import { Database } from '../database.ts';
import { AuditChecker } from './audit-checker.ts';
import { AuditChecks } from './audit-checks.ts';
import { AuditEntries } from './audit-entries.ts';
import { AuditKeys } from './audit-keys.ts';
import { AuditTrail } from './audit-trail.ts';

type List = typeof auditRoutes.auditEntries;
type Start = typeof auditRoutes.startAuditCheck;
type Checks = typeof auditRoutes.auditChecks;

/** The audit trail for those who run the server. */
@Controller()
export class AuditController {
  constructor(
    private readonly db: Database,
    private readonly entries: AuditEntries,
    private readonly checks: AuditChecks,
    private readonly checker: AuditChecker,
    private readonly trail: AuditTrail,
    private readonly keys: AuditKeys,
  ) {}

  @OnRoute(auditRoutes.auditEntries)
  list({ query }: RouteInput<List>, { person }: RequestContext): Promise<RouteOutput<List>> {
    if (person.role === 'support' && query.accountId === undefined) {
      throw new AppError('forbidden', { detail: 'Support reads the audit trail of one account at a time.' });
    }
    return this.entries.list(query, query);
  }

  @OnRoute(auditRoutes.startAuditCheck)
  start({ body }: RouteInput<Start>, { person }: RequestContext): Promise<RouteOutput<Start>> {
    return this.checker.start('operator', actorOf(person), body.checkId);
  }

  @OnRoute(auditRoutes.auditChecks)
  async listChecks({ query }: RouteInput<Checks>): Promise<RouteOutput<Checks>> {
    return { checks: await this.checks.list(query.limit), keys: this.#verifierKeys() };
  }

  @OnRoute(auditRoutes.exportAudit)
  async export(_input: RouteInput<typeof auditRoutes.exportAudit>, context: RequestContext): Promise<void> {
    await recordAct(this.db, { kind: 'audit-exported', actor: actorOf(context.person), details: {} });
    context.reply
      .code(200)
      .header('Content-Type', auditExportType)
      .header('Content-Disposition', 'attachment; filename="heirloom-audit.ndjson"');
    await sendStream(this.#lines(), context);
  }

  async *#lines(): AsyncGenerator<Uint8Array> {
    const bounds = await this.trail.bounds();
    const size = Number(bounds.size);
    const exportedAt = new Date();
    const head = { format: auditExportFormat, keys: this.#verifierKeys(), size, exportedAt } as const;
    yield line(z.encode(auditExportHead, head));
    for await (const item of this.trail.read(bounds)) yield line(z.encode(auditItem, item));
  }

  #verifierKeys(): string[] {
    return this.keys.all.map(({ verifierKey }) => verifierKey);
  }
}

const line = (value: unknown): Uint8Array => Buffer.from(`${JSON.stringify(value)}\n`);
