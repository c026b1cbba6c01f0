import { limits } from '@heirloom/contracts';
import { equalBytes } from '../../encoding/bytes.ts';
import type { Change, Draft } from '../draft.ts';
import { must } from '../log-error.ts';

const mustBeOwn = ({ entry, event }: Change<'device-added' | 'device-revoked'>): void =>
  must(
    entry.author === event.account,
    'not-allowed',
    "An entry is about somebody else's device.",
    entry.author,
  );

export function deviceAdded(draft: Draft, change: Change<'device-added'>): void {
  const { account, device, sign } = change.event;
  mustBeOwn(change);
  const known = [...draft.devices.values()];
  must(
    !draft.devices.has(device) && !known.some((one) => equalBytes(one.sign, sign)),
    'repeated',
    'The family log knows this device already.',
    account,
  );
  must(
    known.filter((one) => one.account === account && !one.revoked).length < limits.devicesPerAccount,
    'limit',
    `A person has ${limits.devicesPerAccount} devices at most.`,
    account,
  );
  draft.devices.set(device, { account, sign, revoked: false });
}

export function deviceRevoked(draft: Draft, change: Change<'device-revoked'>): void {
  const { account, device: id } = change.event;
  mustBeOwn(change);
  const device = draft.devices.get(id);
  must(
    device && device.account === account && !device.revoked,
    'unknown',
    'The family log knows no such device, or it was signed out already.',
    account,
  );
  draft.devices.set(id, { ...device, revoked: true });
}
