import { z } from 'zod';
import { moment } from '../base/codecs.ts';
import { accountId, familyId } from '../base/ids.ts';
import { serviceName } from '../base/services.ts';
import { codeWord, type auditDetails, type AuditKind } from './kinds.ts';

/** Who did it. A person without an id is somebody who did not show who they are. A service acts by itself, by the clock. */
export const auditActor = z.object({
  kind: z.enum(['person', 'operator', 'support', 'service']),
  id: accountId.optional(),
});
export type AuditActor = z.infer<typeof auditActor>;

/** The id of one act, made by the service where it happened: it stands in the trail once, however often it is told. */
export const auditActId = z.uuidv7().toLowerCase().brand<'AuditActId'>();
export type AuditActId = z.infer<typeof auditActId>;

/** A number, a yes or no, or a word of code: an id, a state. */
const detail = z.union([z.int(), z.boolean(), z.string().regex(/^[a-z0-9-]{1,64}$/)]);

const whose = {
  actor: auditActor,
  /** Whose account it concerns. Its owner sees the entry. */
  accountId: accountId.optional(),
  /** Whose family it concerns. Its members see the entry. */
  familyId: familyId.optional(),
  /** What was acted on: a device, an album, an invite, a scrub. The kind says which. */
  subjectId: z.uuid().toLowerCase().optional(),
};

/**
 * An act as it travels and as it is read. Kinds and details of a later version are taken as they are, so that nothing is
 * lost while versions run side by side; what a service may record is {@link AuditAct}.
 */
export const auditActFields = z.object({
  kind: codeWord,
  ...whose,
  details: z.record(z.string().regex(/^[a-z][A-Za-z]{0,31}$/), detail),
});

/** An act that a service records: of a known kind, with exactly its details. */
export type AuditAct = {
  [K in AuditKind]: {
    kind: K;
    actor: AuditActor;
    accountId?: string | undefined;
    familyId?: string | undefined;
    subjectId?: string | undefined;
    details: z.output<(typeof auditDetails)[K]>;
  };
}[AuditKind];

/** An act where it is kept until the trail has it. */
export const recordedAct = auditActFields.extend({ actId: auditActId, at: moment });
export type RecordedAct = z.infer<typeof recordedAct>;

/** An entry of the trail as people see it. `index` counts all entries of the installation from 0. */
export const auditEntry = auditActFields.extend({
  index: z.int().min(0),
  at: moment,
  service: serviceName,
});
export type AuditEntry = z.infer<typeof auditEntry>;
