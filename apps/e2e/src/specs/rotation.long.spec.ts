import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { familyRoutes, serviceNames, type ServiceName } from '@heirloom/contracts';
import { authService } from '@heirloom/auth';
import type { NatsLogin } from '@heirloom/service-kit';
import { connect } from '@nats-io/transport-node';
import pg from 'pg';
import { FamilyLoad } from '../load/family-load.ts';
import { contentsOf } from '../samples/samples.ts';
import { bootCluster, type ClusterSystem } from '../system/cluster-system.ts';

const minute = 60_000;
const secret = () => randomBytes(32).toString('base64url');

/** docs/operations/secrets.md, done word by word with two processes of each service behind nginx. */
describe('secrets that are changed while people work', () => {
  let folder: string;
  let system: ClusterSystem;
  let admin: pg.Client;

  beforeAll(async () => {
    folder = await mkdtemp('/tmp/heirloom-rotation-');
    system = await bootCluster(folder, { instances: 2 });
    admin = new pg.Client({ connectionString: await system.databaseUrl() });
    await admin.connect();
  }, 3 * minute);
  afterAll(async () => {
    await admin?.end();
    await system?.[Symbol.asyncDispose]();
    await rm(folder, { recursive: true, force: true });
  }, minute);

  const everyone = (settings: Readonly<Record<string, string>>) =>
    serviceNames.forEach((name) => system.configure(name, settings));
  /** One process at a time, and everybody has worked with them all before the next round. */
  async function restart(load: FamilyLoad['load']): Promise<void> {
    for (const name of serviceNames) {
      for (const member of system.members[name]) {
        expect([name, await member.stop()]).toEqual([name, 0]);
        await member.start();
      }
    }
    await load.untilOnceMore(FamilyLoad.kinds, 2 * minute);
  }
  const old = (service: ServiceName, setting: string) => system.settingsOf(service)[setting]!;

  /** What each secret was and will be. */
  function drawSecrets() {
    const owners = {
      HEIRLOOM_AUTH_TOKEN_KEY: 'auth',
      HEIRLOOM_AUTH_OPAQUE_SETUP: 'auth',
      HEIRLOOM_SHARING_POLICY_LOG_KEY: 'sharing-policy',
      HEIRLOOM_SERVICE_SECRET: 'vault',
    } as const;
    const { HEIRLOOM_AUTH_OPAQUE_SETUP: makeSetup } = authService.secrets!;
    const pair = ([setting, owner]: [string, ServiceName]) => {
      const next = setting === 'HEIRLOOM_AUTH_OPAQUE_SETUP' ? makeSetup!() : secret();
      return [setting, { before: old(owner, setting), next }] as const;
    };
    return Object.fromEntries(Object.entries(owners).map(pair)) as Record<
      keyof typeof owners,
      { before: string; next: string }
    >;
  }

  /** A second role that acts as the first, so that both passwords open the same tables. */
  async function secondRole(): Promise<string> {
    const password = secret();
    await admin.query(`CREATE ROLE sharing_policy_2 LOGIN PASSWORD '${password}' IN ROLE sharing_policy`);
    await admin.query('ALTER ROLE sharing_policy_2 SET role = sharing_policy');
    const url = new URL(old('sharing-policy', 'HEIRLOOM_SHARING_POLICY_DATABASE_URL'));
    Object.assign(url, { username: 'sharing_policy_2', password });
    return url.href;
  }

  it(
    'nobody fails, nothing of before is accepted in the end, and a device that slept comes along',
    async () => {
      const family = new FamilyLoad(folder, system);
      const sleeper = await family.device('sleeper');
      await sleeper.signUp('Clara', 'clara@example.org');
      await sleeper.ok('album', 'create', 'Before');
      await using load = family.load;
      await family.start({ scrubs: false });
      await load.untilOnceMore(FamilyLoad.kinds, minute);
      const keys = drawSecrets();
      const {
        HEIRLOOM_AUTH_TOKEN_KEY: token,
        HEIRLOOM_AUTH_OPAQUE_SETUP: opaque,
        HEIRLOOM_SHARING_POLICY_LOG_KEY: log,
        HEIRLOOM_SERVICE_SECRET: service,
      } = keys;
      const pinned = await logKey();
      const database = old('sharing-policy', 'HEIRLOOM_SHARING_POLICY_DATABASE_URL');
      const redisPassword = secret();
      const nats = mapServices((name): [NatsLogin, NatsLogin] => [
        { user: name, password: system.natsPasswords[name] },
        { user: `${name}-2`, password: secret() },
      ]);

      // Everybody takes the next ones, nobody uses them yet.
      await system.nats.admit(nats);
      await system.redis.command(system.redis.password, 'ACL', 'SETUSER', 'default', `>${redisPassword}`);
      system.configure('sharing-policy', {
        HEIRLOOM_SHARING_POLICY_DATABASE_URL: await secondRole(),
        HEIRLOOM_SHARING_POLICY_LOG_KEY: log.next,
        HEIRLOOM_SHARING_POLICY_LOG_KEY_PREVIOUS: log.before,
      });
      for (const name of serviceNames) {
        const [, { user, password }] = nats[name];
        system.configure(name, { HEIRLOOM_NATS_USER: user, HEIRLOOM_NATS_PASSWORD: password });
      }
      everyone({
        HEIRLOOM_REDIS_URL: system.redis.urlWith(redisPassword),
        HEIRLOOM_SERVICE_SECRET_PREVIOUS: service.next,
      });
      system.configure('auth', {
        HEIRLOOM_AUTH_TOKEN_KEY_PREVIOUS: token.next,
        HEIRLOOM_AUTH_OPAQUE_SETUP_PREVIOUS: opaque.next,
      });
      await restart(load);
      expect(await logKey()).toBe(pinned);

      // Everybody uses them, and still takes those of before.
      await system.nats.admit(mapServices((name) => [nats[name][1]]));
      await system.redis.command(redisPassword, 'ACL', 'SETUSER', 'default', `<${system.redis.password}`);
      await admin.query('ALTER ROLE sharing_policy NOLOGIN');
      system.configure('sharing-policy', { HEIRLOOM_SHARING_POLICY_LOG_KEY_PREVIOUS: '' });
      everyone({
        HEIRLOOM_SERVICE_SECRET: service.next,
        HEIRLOOM_SERVICE_SECRET_PREVIOUS: service.before,
      });
      system.configure('auth', {
        HEIRLOOM_AUTH_TOKEN_KEY: token.next,
        HEIRLOOM_AUTH_TOKEN_KEY_PREVIOUS: token.before,
        HEIRLOOM_AUTH_OPAQUE_SETUP: opaque.next,
        HEIRLOOM_AUTH_OPAQUE_SETUP_PREVIOUS: opaque.before,
      });
      await restart(load);
      // Whoever logs in moves to the new setup.
      const second = await family.device('second');
      await second.logIn('clara@example.org', 'second');

      // Nothing of before is left.
      everyone({ HEIRLOOM_SERVICE_SECRET_PREVIOUS: '' });
      system.configure('auth', {
        HEIRLOOM_AUTH_TOKEN_KEY_PREVIOUS: '',
        HEIRLOOM_AUTH_OPAQUE_SETUP_PREVIOUS: '',
      });
      await restart(load);
      await load.end();
      process.stderr.write(`24 restarts, seven kinds of secrets changed: ${load.summary()}\n`);
      expect(load.failures).toEqual([]);

      expect(await logKey()).not.toBe(pinned);
      const { albums } = await sleeper.ok<{ albums: { name: string }[] }>('album', 'ls');
      expect(albums.map(({ name }) => name)).toContain('Before');
      await (await family.device('third')).logIn('clara@example.org', 'third');
      await expect(system.redis.command(system.redis.password, 'PING')).resolves.toMatch(/NOAUTH|WRONGPASS/);
      const { user, password: pass } = nats.auth[0];
      await expect(connect({ servers: system.natsUrl, user, pass, reconnect: false })).rejects.toThrow(
        /authorization/i,
      );
      await expect(new pg.Client({ connectionString: database }).connect()).rejects.toThrow(/not permitted/);
      const restored = path.join(folder, 'restored');
      const phone = await family.device('phone');
      await phone.logIn('bruno@example.org', 'phone');
      await phone.ok('get', '--all', '--to', restored);
      expect(new Set(await contentsOf(restored))).toEqual(new Set(await contentsOf(family.photos)));
    },
    15 * minute,
  );

  async function logKey(): Promise<string> {
    const answer = await fetch(new URL(familyRoutes.logKey.path, system.address));
    return familyRoutes.logKey.output.decode((await answer.json()) as never).verifierKey;
  }
});

const mapServices = <T>(make: (name: ServiceName) => T) =>
  Object.fromEntries(serviceNames.map((name) => [name, make(name)])) as Record<ServiceName, T>;
