import { listDevices, renameDevice, revokeDevice } from '@heirloom/client';
import type { DeviceId } from '@heirloom/contracts';
import type { EngineContext } from '../engine/engine-context.ts';

/** A device that is or was signed in. Times are milliseconds since 1970. */
export interface DeviceCard {
  deviceId: string;
  name: string | null;
  isThis: boolean;
  createdAt: number;
  lastSeenAt: number;
  revokedAt: number | null;
  /** Signed in with the recovery key rather than the password. */
  byRecoveryKey: boolean;
}

/** The person's devices. */
export const devicesEngine = (context: EngineContext) => ({
  list: async (): Promise<DeviceCard[]> => {
    const account = await context.account();
    const devices = await context.online(() => listDevices(account));
    return devices
      .map(({ deviceId, name, own, createdAt, lastSeenAt, revokedAt, enteredBy }) => ({
        deviceId,
        name,
        isThis: own,
        createdAt: createdAt.getTime(),
        lastSeenAt: lastSeenAt.getTime(),
        revokedAt: revokedAt?.getTime() ?? null,
        byRecoveryKey: enteredBy === 'recovery',
      }))
      .sort((a, b) => Number(b.isThis) - Number(a.isThis) || b.lastSeenAt - a.lastSeenAt);
  },
  rename: async (deviceId: string, name: string): Promise<void> => {
    const account = await context.account();
    await context.online(() => renameDevice(account, deviceId as DeviceId, name));
    context.changed('safety');
  },
  /** Signs another device out. It is refused everywhere within five seconds. */
  revoke: async (deviceId: string): Promise<void> => {
    const { account, log } = await context.vault();
    await context.online(() => revokeDevice(account, log, deviceId as DeviceId));
    context.changed('safety', 'notices');
  },
});
