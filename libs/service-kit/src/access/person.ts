import type { AccountId, DeviceId, StaffRole } from '@heirloom/contracts';

/** Who is calling: an account, on one of its devices. */
export interface Person {
  readonly accountId: AccountId;
  readonly deviceId: DeviceId;
  /** Set for staff. They have no family, and no route of a family's member serves them. */
  readonly role?: StaffRole;
}
