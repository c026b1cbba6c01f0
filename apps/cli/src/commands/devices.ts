import { AppError } from '@heirloom/contracts';
import { listDevices, revokeDevice, type NamedDevice } from '@heirloom/client';
import { openProfile, signedIn, withVault, type Context } from '../context.ts';
import type { CommandResult } from '../output/io.ts';
import { minuteText, table } from '../output/text.ts';
import { pickById } from './pick.ts';

const stateOf = ({ own, revokedAt }: NamedDevice) =>
  revokedAt ? `revoked ${minuteText(revokedAt)}` : own ? 'this device' : '';

/** `heirloom devices ls` */
export async function listDevicesCommand(context: Context): Promise<CommandResult> {
  using profile = await openProfile(context);
  const devices = await listDevices(await signedIn(profile, context));
  const document = {
    devices: devices.map(({ deviceId: id, name, createdAt, lastSeenAt, revokedAt, own }) => ({
      id,
      name,
      createdAt,
      lastSeenAt,
      revokedAt,
      thisDevice: own,
    })),
  };
  const rows = devices.map((device) => [
    device.deviceId,
    device.name ?? '(no name)',
    minuteText(device.createdAt),
    minuteText(device.lastSeenAt),
    stateOf(device),
  ]);
  return { document, lines: table(['id', 'name', 'added', 'last seen', ''], rows) };
}

/** `heirloom devices revoke ID` */
export async function revokeDeviceCommand(context: Context, id: string): Promise<CommandResult> {
  return await withVault(context, async ({ account, log }) => {
    const device = pickById(await listDevices(account), (one) => one.deviceId, id, 'device');
    if (device.own) {
      throw new AppError('bad-request', {
        detail: 'This is the device that you use. Sign it out with "heirloom logout".',
      });
    }
    await revokeDevice(account, log, device.deviceId);
    return {
      document: { revoked: { id: device.deviceId, name: device.name } },
      lines: [`${device.name ?? device.deviceId} is signed out.`],
    };
  });
}
