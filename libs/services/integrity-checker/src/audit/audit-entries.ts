import { Injectable } from '@nestjs/common';
import type { AccountId, AuditEntry, AuditKind, FamilyId } from '@heirloom/contracts';
import { Database } from '../database.ts';
import type { AuditEntry as EntryRow } from '../generated/client.ts';
import { toEntry } from './entry-row.ts';

interface Page {
  before?: number | undefined;
  limit: number;
}
interface Filter {
  kind?: AuditKind | undefined;
  accountId?: AccountId | undefined;
  familyId?: FamilyId | undefined;
}

/** Pages of the trail for people, the newest first. */
@Injectable()
export class AuditEntries {
  constructor(private readonly db: Database) {}

  async list({ kind, accountId, familyId }: Filter, { before, limit }: Page) {
    const rows = await this.db.auditEntry.findMany({
      where: {
        ...(kind ? { kind } : {}),
        ...(accountId ? { accountId } : {}),
        ...(familyId ? { familyId } : {}),
        ...(before === undefined ? {} : { index: { lt: before } }),
      },
      orderBy: { index: 'desc' },
      take: limit + 1,
    });
    return pageOf(rows, limit);
  }

  /** What concerns a person: each half is one walk down an index. */
  async of(accountId: AccountId, familyId: FamilyId | undefined, page: Page) {
    const own = await this.list({ accountId }, page);
    if (familyId === undefined) return own;
    const family = await this.list({ familyId }, page);
    const both = new Map([...own.entries, ...family.entries].map((entry) => [entry.index, entry]));
    const entries = [...both.values()].sort((a, b) => b.index - a.index).slice(0, page.limit);
    const isMore = both.size > entries.length || own.next !== null || family.next !== null;
    return { entries, next: isMore ? entries.at(-1)!.index : null };
  }
}

function pageOf(rows: readonly EntryRow[], limit: number): { entries: AuditEntry[]; next: number | null } {
  const entries = rows.slice(0, limit).map(toEntry);
  return { entries, next: rows.length > limit ? entries.at(-1)!.index : null };
}
