import {
  auditActFields,
  auditDetails,
  newId,
  type AuditAct,
  type AuditActId,
  type AuditActor,
} from '@heirloom/contracts';
import type { Person } from '../access/person.ts';
import type { RawSql } from './raw-sql.ts';

/** Whoever is calling, as the audit trail names them. */
export const actorOf = ({ accountId, role }: Person): AuditActor => ({
  kind: role ?? 'person',
  id: accountId,
});

/** The service itself, by the clock or on behalf of nobody. */
export const byItself: AuditActor = { kind: 'service' };

/** Somebody who has not shown who they are. */
export const byAnybody: AuditActor = { kind: 'person' };

/**
 * Records security-relevant acts for the audit trail, in the transaction of the acts themselves: both happen or neither.
 * integrity-checker pulls them from the table `audit_acts`, which each service has.
 *
 * @throws ZodError for details that the act's kind does not have: that is a bug of the caller
 */
export async function recordAct(tx: RawSql, ...acts: readonly AuditAct[]): Promise<void> {
  if (acts.length === 0) return;
  const rows = acts.map((act) => ({ id: newId<AuditActId>(), act: checked(act) }));
  await tx.$executeRawUnsafe(
    `INSERT INTO audit_acts (id, act)
     SELECT (row->>'id')::uuid, row->'act' FROM jsonb_array_elements($1::jsonb) WITH ORDINALITY AS rows (row, place)
     ORDER BY place`,
    JSON.stringify(rows),
  );
}

const checked = (act: AuditAct) =>
  auditActFields.parse({ ...act, details: auditDetails[act.kind].parse(act.details) });
