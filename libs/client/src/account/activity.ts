import { auditRoutes, limits, type AuditEntry } from '@heirloom/contracts';
import type { Account } from './account.ts';

/** What happened to this person's account and in their family, the newest first. It is the server's word. */
export async function readActivity({ http }: Pick<Account, 'http'>, newest: number): Promise<AuditEntry[]> {
  const entries: AuditEntry[] = [];
  let before: number | null | undefined;
  while (before !== null && entries.length < newest) {
    const limit = Math.min(limits.auditEntriesPerPage, newest - entries.length);
    const query = { limit, ...(before === undefined ? {} : { before }) };
    const page = await http.call(auditRoutes.activity, { query });
    entries.push(...page.entries);
    before = page.next;
  }
  return entries;
}
