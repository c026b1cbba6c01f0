import { authRoutes, type Device, type DeviceId } from '@heirloom/contracts';
import { openText, sealText } from '@heirloom/crypto';
import { ownLibrary, type Account } from './account.ts';
import { deviceNameBinding } from './bindings.ts';

export interface NamedDevice extends Omit<Device, 'sealedName'> {
  /** Null when it has none that this device can read. */
  name: string | null;
  /** Whether it is this one. */
  own: boolean;
}

export async function listDevices(account: Account): Promise<NamedDevice[]> {
  const { devices } = await account.http.call(authRoutes.devices, {});
  return await Promise.all(
    devices.map(async ({ sealedName, ...device }) => ({
      ...device,
      name: sealedName && (await openName(account, device.deviceId, sealedName)),
      own: device.deviceId === account.profile.deviceId,
    })),
  );
}

async function openName(account: Account, device: DeviceId, sealed: Uint8Array): Promise<string | null> {
  for (const { libraryId, epoch, key } of account.profile.libraries) {
    const name = await openText(key, deviceNameBinding(libraryId, epoch, device), sealed).catch(() => null);
    if (name !== null) return name;
  }
  return null;
}

export async function renameDevice(account: Account, deviceId: DeviceId, name: string): Promise<void> {
  const { libraryId, epoch, key } = ownLibrary(account);
  const sealedName = await sealText(key, deviceNameBinding(libraryId, epoch, deviceId), name);
  await account.http.call(authRoutes.renameDevice, { params: { deviceId }, body: { sealedName } });
}
