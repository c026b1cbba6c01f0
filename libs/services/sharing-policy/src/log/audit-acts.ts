import type { AccountId, AlbumRole, AuditAct, AuditActor, FamilyId } from '@heirloom/contracts';
import { isKnownEvent, type FamilyState, type KnownLogEvent } from '@heirloom/formats';
import type { ReadEntry } from './entries.ts';

export interface AuditedChange {
  readonly familyId: FamilyId;
  /** The author of all entries. */
  readonly accountId: AccountId;
  readonly entries: readonly ReadEntry[];
  readonly before: FamilyState;
  readonly after: FamilyState;
}

/** What a change to a family says in the audit trail. Names and keys stay in the family's own log. */
export function auditActsOf(change: AuditedChange): AuditAct[] {
  const actor: AuditActor = { kind: 'person', id: change.accountId };
  const common = { actor, familyId: change.familyId };
  const events = change.entries.map(({ entry }) => entry.event).filter(isKnownEvent);
  const acts = events.flatMap((event) => actOf(event, change, common) ?? []);
  return [...acts, ...rotations(change, common)];
}

type Common = Pick<AuditAct, 'actor' | 'familyId'>;

function actOf(event: KnownLogEvent, change: AuditedChange, common: Common): AuditAct | undefined {
  switch (event.kind) {
    case 'family-created':
    case 'family-dissolved':
      return { ...common, kind: event.kind, accountId: change.accountId, details: {} };
    case 'album-created':
      return { ...common, kind: 'album-made', subjectId: event.album, details: {} };
    case 'invite-created':
      return { ...common, kind: 'invite-made', subjectId: event.invite, details: { role: event.role } };
    case 'invite-revoked':
      return { ...common, kind: event.kind, subjectId: event.invite, details: {} };
    case 'member-joined': {
      const { role } = change.after.members.get(event.account)!;
      return {
        ...common,
        kind: event.kind,
        accountId: event.account,
        subjectId: event.invite,
        details: { role },
      };
    }
    case 'member-removed':
      return { ...common, kind: event.kind, accountId: event.account, details: {} };
    case 'role-changed':
      return { ...common, kind: event.kind, accountId: event.account, details: { role: event.role } };
    case 'granted':
      return isNewShare(event, change)
        ? {
            ...common,
            kind: 'album-shared',
            accountId: event.grantee,
            subjectId: event.collection,
            details: { role: event.role as AlbumRole },
          }
        : undefined;
    case 'grant-revoked':
      return event.scope === 'album'
        ? {
            ...common,
            kind: 'album-unshared',
            accountId: event.grantee,
            subjectId: event.collection,
            details: {},
          }
        : undefined;
    default:
      // Devices are recorded where they come and go; the rest only carries keys.
      return undefined;
  }
}

/** A grant that gives somebody else an album or another role in it. Most grants only hand on the next key. */
function isNewShare(
  { scope, collection, grantee, role }: Extract<KnownLogEvent, { kind: 'granted' }>,
  { before, accountId }: AuditedChange,
): boolean {
  const had = before.collections.get(collection)?.holders.get(grantee)?.role;
  return scope === 'album' && grantee !== accountId && had !== role;
}

const rotations = ({ before, after }: AuditedChange, common: Common): AuditAct[] =>
  [...after.collections].flatMap(([subjectId, { epoch }]): AuditAct[] => {
    const was = before.collections.get(subjectId);
    return was && was.epoch < epoch
      ? [{ ...common, kind: 'keys-rotated', subjectId, details: { epoch } }]
      : [];
  });
