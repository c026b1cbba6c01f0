import type { AccountId, DeviceId } from '@heirloom/contracts';

/** Who is calling: an account, on one of its devices. */
export interface Person {
  readonly accountId: AccountId;
  readonly deviceId: DeviceId;
  /** Set for someone who runs the server. They have no family, and no route of a family's member serves them. */
  readonly role?: 'operator';
}
