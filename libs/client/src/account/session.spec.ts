import { newId, type AccountId, type DeviceId } from '@heirloom/contracts';
import { describe, expect, it } from '@jest/globals';
import { Http } from '../http/http.ts';
import { answerJson, bodyOf, localServer, refuse } from '../testing/local-server.spec-helper.ts';
import { MemoryProfile } from '../testing/memory-stores.spec-helper.ts';
import { TinyHome } from '../testing/tiny-home.spec-helper.ts';
import { decodeProfile, encodeProfile, type Profile, type ProfileStore } from './profile.ts';
import { Session } from './session.ts';

const answer = (n: number) => ({
  session: {
    accountId: newId<AccountId>(),
    deviceId: newId<DeviceId>(),
    accessToken: `access-${n}`,
    accessExpiresAt: new Date(Date.now() + 300_000).toISOString(),
    refreshToken: `refresh-${n}`,
    refreshExpiresAt: new Date(Date.now() + 3_000_000).toISOString(),
  },
});

async function session(origin: string) {
  const profile = (await TinyHome.create()).profile(origin);
  const store = new MemoryProfile(profile);
  return { store, session: new Session(new Http(origin), store, profile) };
}

describe('Session', () => {
  it('renews once for all who ask, and saves before anyone gets the new token', async () => {
    const sent: unknown[] = [];
    await using server = await localServer(async (request, response) => {
      sent.push(JSON.parse((await bodyOf(request)).toString()));
      answerJson(response, answer(sent.length));
    });
    const { store, session: one } = await session(server.origin);
    expect(await one.accessToken()).toBe('token');
    one.expired('another');
    expect(await one.accessToken()).toBe('token');
    one.expired('token');
    expect(await Promise.all([1, 2, 3].map(() => one.accessToken()))).toEqual([
      'access-1',
      'access-1',
      'access-1',
    ]);
    expect(sent).toEqual([{ refreshToken: 'refresh' }]);
    expect(store.profile?.tokens.refresh).toBe('refresh-1');
    one.expired('access-1');
    expect(await one.accessToken()).toBe('access-2');
    expect(sent.at(-1)).toEqual({ refreshToken: 'refresh-1' });
  });

  it('hands no token out that was not saved', async () => {
    await using server = await localServer((_, response) => answerJson(response, answer(1)));
    const { store, session: one } = await session(server.origin);
    store.save = () => Promise.reject(new Error('the disk is full'));
    one.expired('token');
    for (let i = 0; i < 2; i++) await expect(one.accessToken()).rejects.toThrow('the disk is full');
  });

  it.each(['token-invalid', 'token-expired', 'device-revoked'] as const)(
    'says that the device was signed out when the server answers %s',
    async (code) => {
      await using server = await localServer((_, response) => refuse(response, code));
      const { session: one } = await session(server.origin);
      one.expired('token');
      await expect(one.accessToken()).rejects.toMatchObject({ code: 'device-revoked' });
    },
  );
});

/** A store that several share, as tabs of one browser do. */
function sharedStore(profile: Profile): MemoryProfile & Required<Pick<ProfileStore, 'exclusive'>> {
  let last: Promise<unknown> = Promise.resolve();
  const exclusive = <T>(work: () => Promise<T>): Promise<T> => {
    const turn = last.then(work);
    last = turn.catch(() => undefined);
    return turn;
  };
  return Object.assign(new MemoryProfile(profile), { exclusive });
}

describe('two sessions of one device', () => {
  it('renew one after the other, and each takes what the other has renewed', async () => {
    const sent: string[] = [];
    await using server = await localServer(async (request, response) => {
      const { refreshToken } = JSON.parse((await bodyOf(request)).toString()) as { refreshToken: string };
      // As the server does: a token that was used before signs the device out.
      if (sent.includes(refreshToken)) return refuse(response, 'device-revoked');
      sent.push(refreshToken);
      answerJson(response, answer(sent.length));
    });
    const profile = (await TinyHome.create()).profile(server.origin);
    const store = sharedStore(profile);
    const tabs = [1, 2].map(() => new Session(new Http(server.origin), store, profile));
    const [one, two] = tabs as [Session<Profile>, Session<Profile>];
    for (const tab of tabs) tab.expired('token');
    expect(await Promise.all([one.accessToken(), two.accessToken()])).toEqual(['access-1', 'access-1']);
    one.expired('access-1');
    expect(await one.accessToken()).toBe('access-2');
    // The other one learns of it only when its own token is refused.
    two.expired('access-1');
    expect(await two.accessToken()).toBe('access-2');
    expect(sent).toEqual(['refresh', 'refresh-1']);
  });

  it('keep what else was saved, and end when the profile is gone or is another device', async () => {
    await using server = await localServer((_, response) => answerJson(response, answer(1)));
    const profile = (await TinyHome.create()).profile(server.origin);
    const store = sharedStore(profile);
    const one = new Session(new Http(server.origin), store, profile);
    await store.save({ ...profile, name: 'Another name' });
    one.expired('token');
    await one.accessToken();
    expect(store.profile).toMatchObject({ name: 'Another name', tokens: { refresh: 'refresh-1' } });
    one.expired('access-1');
    await store.save({ ...profile, deviceId: newId<DeviceId>() });
    await expect(one.accessToken()).rejects.toMatchObject({ code: 'device-revoked' });
    await store.clear();
    await expect(one.accessToken()).rejects.toMatchObject({ code: 'device-revoked' });
  });
});

describe('a profile', () => {
  it('comes back as it was saved, and nothing else does', async () => {
    const profile = (await TinyHome.create()).profile('http://localhost:1');
    expect(decodeProfile(encodeProfile(profile))).toEqual(profile);
    expect(() => decodeProfile('{}')).toThrow(
      expect.objectContaining({ code: 'damaged' }) as unknown as Error,
    );
    expect(() => decodeProfile(encodeProfile(profile).slice(0, -5))).toThrow();
  });
});
