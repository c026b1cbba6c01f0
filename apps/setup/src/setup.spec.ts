import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { emptyTestDatabase } from '@heirloom/service-kit/testing';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { setUp } from './setup.ts';

let folder: string;
beforeEach(async () => {
  folder = join(await mkdtemp(join(tmpdir(), 'heirloom-setup-')), 'secrets');
});
afterEach(() => rm(join(folder, '..'), { recursive: true }));
const read = (name: string) => readFile(join(folder, name), 'utf8');

describe('setup compose', () => {
  it('makes each secret once and never changes it; what is lost is made again', async () => {
    expect(await setUp(['compose', folder], {})).toContain('auth-token-key');
    const before = await Promise.all(['auth-token-key', 'service-secret', 'nats.conf'].map(read));
    expect(await setUp(['compose', folder], {})).toContain('No secret was missing');
    expect(await Promise.all(['auth-token-key', 'service-secret', 'nats.conf'].map(read))).toEqual(before);
    await writeFile(join(folder, 'auth-nats-password'), 'chosen by a person\n');
    await rm(join(folder, 'vault-nats-password'));
    expect(await setUp(['compose', folder], {})).toMatch(/^Made vault-nats-password\./);
    expect(await read('nats.conf')).toContain('"chosen by a person"');
  });

  it('keeps others out of the folder', async () => {
    await setUp(['compose', folder], {});
    expect((await stat(folder)).mode & 0o777).toBe(0o700);
  });
});

describe('setup rotate', () => {
  const inSecrets = async (name: string): Promise<Record<string, string>> => {
    const { items } = JSON.parse(await read('secrets.json')) as {
      items: { metadata: { name: string }; stringData: Record<string, string> }[];
    };
    return items.find(({ metadata }) => metadata.name === name)!.stringData;
  };

  it('keeps the value of before valid until it is settled', async () => {
    await setUp(['compose', folder], {});
    const before = await read('sharing-policy-log-key');
    expect(await read('sharing-policy-log-key-previous')).toBe('');
    expect(await setUp(['rotate', 'sharing-policy-log-key', folder], {})).toMatch(/stays valid/);
    const after = await read('sharing-policy-log-key');
    expect(after).not.toBe(before);
    expect(await read('sharing-policy-log-key-previous')).toBe(before);
    await expect(setUp(['rotate', 'sharing-policy-log-key', folder], {})).rejects.toThrow('already');
    await setUp(['compose', folder], {});
    expect(await read('sharing-policy-log-key-previous')).toBe(before);
    await setUp(['settle', 'sharing-policy-log-key', folder], {});
    expect(await read('sharing-policy-log-key')).toBe(after);
    expect(await read('sharing-policy-log-key-previous')).toBe('');
    await expect(setUp(['settle', 'sharing-policy-log-key', folder], {})).rejects.toThrow(
      'not being changed',
    );
  });

  it('has all services take the next service secret before anybody uses it', async () => {
    await setUp(['kubernetes', folder], {});
    const { HEIRLOOM_SERVICE_SECRET: before } = await inSecrets('vault');
    const pair = async () => {
      const { HEIRLOOM_SERVICE_SECRET: now, HEIRLOOM_SERVICE_SECRET_PREVIOUS: other } =
        await inSecrets('vault');
      return [now, other];
    };
    expect(await pair()).toEqual([before, undefined]);
    expect(await setUp(['rotate', 'service-secret', folder], {})).toMatch(/once more/);
    const [, next] = await pair();
    expect(await pair()).toEqual([before, expect.stringMatching(/^[\w-]{43}$/)]);
    await setUp(['rotate', 'service-secret', folder], {});
    expect(await pair()).toEqual([next, before]);
    await setUp(['settle', 'service-secret', folder], {});
    expect(await pair()).toEqual([next, undefined]);
  });

  it('gives a service another user at NATS, and lets both in for a while', async () => {
    await setUp(['kubernetes', folder], {});
    const before = await inSecrets('auth');
    expect(before['HEIRLOOM_NATS_USER']).toBe('auth');
    await setUp(['rotate', 'auth-nats-password', folder], {});
    const after = await inSecrets('auth');
    expect(after['HEIRLOOM_NATS_USER']).toBe('auth-2');
    const users = async () => (await inSecrets('nats-users'))['users.conf']!;
    for (const { HEIRLOOM_NATS_USER: user, HEIRLOOM_NATS_PASSWORD: password } of [before, after])
      expect(await users()).toContain(`user: "${user}"\n      password: "${password}"`);
    await setUp(['settle', 'auth-nats-password', folder], {});
    expect(await users()).not.toContain(before['HEIRLOOM_NATS_PASSWORD']);
    await setUp(['rotate', 'auth-nats-password', folder], {});
    expect((await inSecrets('auth'))['HEIRLOOM_NATS_USER']).toBe('auth');
  });

  it('changes at once what Postgres and Redis take over, and says what it cannot change', async () => {
    await expect(setUp(['rotate', 'redis-password', folder], {})).rejects.toThrow('setup has made');
    await setUp(['compose', folder], {});
    const before = await read('redis.conf');
    await setUp(['rotate', 'redis-password', folder], {});
    expect(await read('redis.conf')).not.toBe(before);
    expect(await read('redis-url')).toContain(await read('redis-password'));
    for (const name of ['postgres-password', 'nothing', '../redis-password'])
      await expect(setUp(['rotate', name, folder], {})).rejects.toThrow('These can: service-secret');
  });
});

describe('setup databases', () => {
  it('makes the roles and schemas that the services name, twice as well, and takes a new password over', async () => {
    await using stack = new AsyncDisposableStack();
    const database = await emptyTestDatabase();
    stack.defer(() => database.drop());
    const suffix = Math.random().toString(36).slice(2, 8);
    const name = `heirloom_setup_${suffix}`;
    const admin = new pg.Client({ connectionString: database.url });
    await admin.connect();
    stack.defer(() => admin.end());
    stack.defer(async () => void (await admin.query(`DROP DATABASE IF EXISTS ${name}`)));
    const urlFor = (role: string, password: string) => {
      const url = new URL(database.url);
      Object.assign(url, { username: `${role}_${suffix}`, password, pathname: `/${name}` });
      return url.href;
    };
    const env = (password: string) => ({
      HEIRLOOM_SETUP_ADMIN_URL: database.url,
      HEIRLOOM_AUTH_DATABASE_URL: urlFor('auth', password),
      HEIRLOOM_VAULT_DATABASE_URL: urlFor('vault', 'b'),
      HEIRLOOM_SHARING_POLICY_DATABASE_URL: urlFor('sharing_policy', 'c'),
      HEIRLOOM_INTEGRITY_CHECKER_DATABASE_URL: urlFor('integrity_checker', 'd'),
    });
    await setUp(['databases'], env('first'));
    expect(await setUp(['databases'], env('second'))).toContain(name);
    const auth = new pg.Client({ connectionString: urlFor('auth', 'second') });
    await auth.connect();
    try {
      await auth.query('CREATE TABLE auth.mine (id INT)');
      await expect(auth.query('CREATE TABLE vault.theirs (id INT)')).rejects.toThrow(/permission denied/);
    } finally {
      await auth.end();
    }
    const { HEIRLOOM_AUTH_DATABASE_URL: _gone, ...incomplete } = env('second');
    await expect(setUp(['databases'], incomplete)).rejects.toThrow('HEIRLOOM_AUTH_DATABASE_URL is not set');
    await expect(
      setUp(['databases'], {
        ...env('second'),
        HEIRLOOM_VAULT_DATABASE_URL: urlFor('vault', 'b').replace(name, 'other'),
      }),
    ).rejects.toThrow('one and the same database');
  });
});

describe('setup', () => {
  it.each([[[]], [['compose']], [['kubernetes', 'a', 'b']], [['anything', 'a']]])(
    '%j is answered with its usage',
    async (words) => {
      await expect(setUp(words, {})).rejects.toThrow('setup compose FOLDER');
    },
  );
});
