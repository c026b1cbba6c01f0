import { randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { ServiceCredentials } from '../src/messages/service-credentials.ts';

const [first, second, third] = [0, 1, 2].map(() => new Uint8Array(randomBytes(32))) as [
  Uint8Array,
  Uint8Array,
  Uint8Array,
];
const invalid = { code: 'token-invalid' };

/** What two services with these secrets make of each other. */
const talk = async (caller: ServiceCredentials, callee: ServiceCredentials) =>
  callee.check(await caller.present('vault'), 'vault');
const auth = (secret: Uint8Array, previous?: Uint8Array) => new ServiceCredentials('auth', secret, previous);
const vault = (secret: Uint8Array, previous?: Uint8Array) =>
  new ServiceCredentials('vault', secret, previous);

describe('a change of the service secret', () => {
  it('in three rounds leaves no two services that do not know each other', async () => {
    const rounds: [Uint8Array, Uint8Array?][] = [[first], [first, second], [second, first], [second]];
    for (let i = 0; i < rounds.length; i++)
      for (const neighbour of [i - 1, i, i + 1]) {
        const other = rounds[neighbour];
        if (other) expect(await talk(auth(...rounds[i]!), vault(...other))).toBe('auth');
      }
  });

  it('accepts no other secret, nor the old one once it is gone', async () => {
    await expect(talk(auth(third), vault(second, first))).rejects.toMatchObject(invalid);
    await expect(talk(auth(first), vault(second))).rejects.toMatchObject(invalid);
  });

  it('still looks at everything else', async () => {
    const token = await auth(first).present('integrity-checker');
    await expect(vault(second, first).check(token, 'vault')).rejects.toMatchObject(invalid);
  });
});
