import type { StaffRole } from '@heirloom/contracts';
import type { AccountKind } from '../generated/client.ts';

/** The role of an account that is staff's. */
export function staffRoleOf({ kind }: { kind: AccountKind }): StaffRole {
  if (kind === 'person') throw new Error('a person has no role of staff');
  return kind;
}
