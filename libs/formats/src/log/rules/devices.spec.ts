import { describe, expect } from '@jest/globals';
import { newId, type DeviceId } from '@heirloom/contracts';
import { allowed, deviceAdded, refused } from '../../../test/house.ts';

describe('devices', () => {
  allowed({
    'are added and signed out by their person': [
      ({ child }) => ({ author: child, event: deviceAdded(child) }),
      ({ log, child }) =>
        expect(log.state.devices.get(child.device.id)).toEqual({
          account: child.account,
          sign: child.device.key.publicKey,
          revoked: false,
        }),
    ],
  });
  refused({
    "somebody else's device": [
      'not-allowed',
      /somebody else/,
      ({ owner, child }) => ({ author: owner, event: deviceAdded(child) }),
    ],
    "signing out somebody else's device": [
      'not-allowed',
      /somebody else/,
      async ({ log, owner, child }) => {
        await log.append({ author: child, event: deviceAdded(child) });
        return {
          author: owner,
          event: { kind: 'device-revoked', account: child.account, device: child.device.id },
        };
      },
    ],
    'the key of a device under a new name': [
      'repeated',
      /already/,
      ({ child }) => [
        { author: child, event: deviceAdded(child) },
        { author: child, event: { ...deviceAdded(child), device: newId<DeviceId>() } },
      ],
    ],
    'signing out a device that there is not': [
      'unknown',
      /no such device/,
      ({ child }) => ({
        author: child,
        event: { kind: 'device-revoked', account: child.account, device: newId<DeviceId>() },
      }),
    ],
  });
});
