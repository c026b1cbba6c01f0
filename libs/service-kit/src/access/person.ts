import type { AccountId, DeviceId } from '@heirloom/contracts';

/** Who is calling: an account, on one of its devices. */
export interface Person {
  readonly accountId: AccountId;
  readonly deviceId: DeviceId;
}
