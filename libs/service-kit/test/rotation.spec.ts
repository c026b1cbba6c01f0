import { randomBytes } from 'node:crypto';
import { describe, expect, it, jest } from '@jest/globals';
import { limits } from '@heirloom/contracts';
import { AccessTokens } from '../src/access/access-tokens.ts';
import type { Bus } from '../src/messages/bus.ts';
import { Identities } from './identities.ts';
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

describe('a token key that auth has given up', () => {
  it('is given up by every service within the life of a token', async () => {
    const [before, after] = [await Identities.create(), await Identities.create()];
    let auth = before;
    const tokens = new AccessTokens({ ask: () => Promise.resolve({ keys: auth.keys }) } as unknown as Bus);
    const person = before.person();
    const token = await before.token(person);
    expect(await tokens.verify(token)).toEqual(person);
    auth = after;
    // It is known from before, and auth is not asked each time.
    expect(await tokens.verify(token)).toEqual(person);
    const later = performance.now() + limits.accessTokenMs + 1;
    const clock = jest.spyOn(performance, 'now').mockReturnValue(later);
    await expect(tokens.verify(token)).rejects.toMatchObject(invalid);
    expect(await tokens.verify(await after.token(person))).toEqual(person);
    clock.mockRestore();
  });
});
