import type {
  AccountId,
  AuditActId,
  AuditEntry,
  ChainedEntry,
  FamilyId,
  RecordedAct,
  ServiceName,
} from '@heirloom/contracts';
import type { AuditContent } from '@heirloom/formats';
import type { AuditEntry as EntryRow, Prisma } from '../generated/client.ts';

/** What a service recorded, as the trail holds it. */
export const contentOf = (service: ServiceName, act: RecordedAct): AuditContent => ({ ...act, service });

export function toRow(entry: ChainedEntry): Prisma.AuditEntryCreateManyInput {
  const { index, actId, at, service, kind, actor, accountId, familyId, subjectId, details } = entry;
  return {
    index,
    actId,
    at,
    service,
    kind,
    actorKind: actor.kind,
    actorId: actor.id ?? null,
    accountId: accountId ?? null,
    familyId: familyId ?? null,
    subjectId: subjectId ?? null,
    details,
    previous: new Uint8Array(entry.previous),
    hash: new Uint8Array(entry.hash),
  };
}

/** Whatever stands in the row: it is for the check to say whether that can be right. */
export function toEntry(row: EntryRow): AuditEntry {
  const { accountId, familyId, subjectId } = row;
  return {
    index: Number(row.index),
    at: row.at,
    service: row.service as ServiceName,
    kind: row.kind,
    actor: {
      kind: row.actorKind as AuditEntry['actor']['kind'],
      ...(row.actorId === null ? {} : { id: row.actorId as AccountId }),
    },
    ...(accountId === null ? {} : { accountId: accountId as AccountId }),
    ...(familyId === null ? {} : { familyId: familyId as FamilyId }),
    ...(subjectId === null ? {} : { subjectId }),
    details: row.details as AuditEntry['details'],
  };
}

export const toChained = (row: EntryRow): ChainedEntry => ({
  ...toEntry(row),
  actId: row.actId as AuditActId,
  previous: row.previous,
  hash: row.hash,
});
