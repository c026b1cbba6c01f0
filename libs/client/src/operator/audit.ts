import {
  AppError,
  auditExportHead,
  auditItem,
  auditRoutes,
  limits,
  newId,
  type AccountId,
  type AuditCheck,
  type AuditCheckId,
  type AuditEntry,
  type AuditKind,
  type FamilyId,
} from '@heirloom/contracts';
import { decodeVerifierKey, verifyAuditTrail, type AuditVerdict } from '@heirloom/formats';
import type { SignedInOperator } from './operator.ts';

export interface AuditWanted {
  kind?: AuditKind | undefined;
  accountId?: AccountId | undefined;
  familyId?: FamilyId | undefined;
  /** So many at most. */
  newest: number;
}

/** Entries of the audit trail, the newest first. Support has to name an account. */
export async function listAuditEntries(
  { http }: SignedInOperator,
  { newest, ...wanted }: AuditWanted,
): Promise<AuditEntry[]> {
  const entries: AuditEntry[] = [];
  // What is undefined would be sent by that word.
  const filter = Object.fromEntries(Object.entries(wanted).filter(([, value]) => value !== undefined));
  let before: number | null | undefined;
  while (before !== null && entries.length < newest) {
    const limit = Math.min(limits.auditEntriesPerPage, newest - entries.length);
    const query = { ...filter, limit, ...(before === undefined ? {} : { before }) };
    const page = await http.call(auditRoutes.auditEntries, { query });
    entries.push(...page.entries);
    before = page.next;
  }
  return entries;
}

/** Begins a check of the whole trail on the server, or gets the one that runs. */
export const startAuditCheck = ({ http }: SignedInOperator): Promise<AuditCheck> =>
  http.call(auditRoutes.startAuditCheck, { body: { checkId: newId<AuditCheckId>() } });

/** The newest checks first, and the C2SP verifier keys of the trail. */
export const newestAuditChecks = ({ http }: SignedInOperator, limit: number) =>
  http.call(auditRoutes.auditChecks, { query: { limit } });

/** The whole trail as lines of JSON; {@link checkAuditExport} takes them. */
export async function exportAudit(
  { http }: SignedInOperator,
  signal: AbortSignal,
): Promise<ReadableStream<Uint8Array>> {
  const { body } = await http.send(auditRoutes.exportAudit, { signal });
  if (!body) throw new AppError('unavailable', { detail: 'The server sent nothing. Try again.' });
  return body;
}

export interface CheckedExport extends AuditVerdict {
  exportedAt: Date;
  /** The verifier keys that the checkpoints were held against. */
  keys: readonly string[];
}

/**
 * Checks an export away from the server that made it.
 *
 * @param lines - gives the lines of the export, as often as it is called
 * @param key - the C2SP verifier key that one knows to be the installation's; else those are taken that the export names
 * @throws AppError `bad-request` for what is no export, `damaged` for a line that is not in its form
 */
export async function checkAuditExport(
  lines: () => AsyncIterable<string>,
  key?: string,
): Promise<CheckedExport> {
  const { keys: named, size, exportedAt } = await readHead(lines());
  const keys = key === undefined ? named : [key];
  const verdict = await verifyAuditTrail(() => readItems(lines()), keys.map(decodeVerifierKey), size);
  return { ...verdict, exportedAt, keys };
}

async function readHead(lines: AsyncIterable<string>) {
  for await (const line of lines) {
    const parsed = auditExportHead.safeDecode(jsonOf(line) as never);
    if (parsed.success) return parsed.data;
    break;
  }
  throw new AppError('bad-request', { detail: 'This is not an export of an audit trail.' });
}

async function* readItems(lines: AsyncIterable<string>) {
  let number = 0;
  for await (const line of lines) {
    number += 1;
    if (number === 1) continue;
    const parsed = auditItem.safeDecode(jsonOf(line) as never);
    if (!parsed.success)
      throw new AppError('damaged', {
        detail: `Line ${number} of the export is not in the form of an entry.`,
      });
    yield parsed.data;
  }
}

function jsonOf(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
