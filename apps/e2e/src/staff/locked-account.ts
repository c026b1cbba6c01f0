import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from '@jest/globals';
import { allRoutes } from '@heirloom/contracts';
import { CliDevice } from '../cli/cli.ts';
import { profileOf } from '../proxy/insiders.ts';
import { belongingsOf } from '../refusals/belongings.ts';
import { requestFor, send } from '../refusals/requests.ts';
import { mintToken } from '../refusals/tokens.ts';
import { contentsOf, sha256File } from '../samples/samples.ts';
import type { Scene } from '../system/boot.ts';
import { eventually } from '../system/processes.ts';

export interface LockScene {
  readonly scene: Scene;
  /** Of a person with photos. */
  readonly device: CliDevice;
  readonly email: string;
  /** A file of theirs that takes a while to download. */
  readonly film: string;
}
interface Listing {
  photos: { id: string; version: string; name: string; sha256: string }[];
}

const minute = 60_000;
/** The promise: effective everywhere within so long. */
const withinMs = 5_000;
/** One route of each service. */
const routes = ['auth.account.read', 'vault.feed.read', 'family.read', 'integrity.checks.read'].map((id) =>
  allRoutes.find((route) => route.id === id)!,
);

/** An account is locked by support, seen to be shut out of everything, and unlocked. Told in order. */
export function itLocksAccounts(what: () => LockScene): void {
  let operator: CliDevice;
  let support: CliDevice;
  let before: Listing;
  const staff = (name: string) =>
    new CliDevice(
      path.join(what().scene.folder, name, 'profile'),
      what().scene.system.address,
      `password of ${name}`,
    );
  const setUp = (device: CliDevice, token: string, name: string) =>
    device.ok(
      ...['admin', 'setup', '--server', what().scene.system.address],
      ...['--token', token, '--email', `${name}@example.org`],
    );
  const act = (deed: string, ...args: string[]) =>
    support.ok('admin', 'accounts', deed, what().email, '--reason', `to ${deed} it`, ...args);

  it(
    'has support, who find the account and are refused what is for operators',
    async () => {
      operator = staff('operator');
      support = staff('support');
      await setUp(operator, await what().scene.system.setupToken(), 'operator');
      const { token } = await operator.ok<{ token: string }>('admin', 'staff', 'invite', '--role', 'support');
      await setUp(support, token, 'support');
      expect(await support.ok('admin', 'accounts', 'find', what().email.slice(0, 3))).toMatchObject({
        accounts: [{ email: what().email, lockedAt: null }],
      });
      for (const command of [['staff', 'list'], ['findings'], ['scrub', 'start']])
        expect(await support.run('admin', ...command)).toMatchObject({
          code: 1,
          json: { error: { code: 'forbidden' } },
        });
      expect(await support.run('admin', 'accounts', 'lock', what().email, '--reason', 'x')).toMatchObject({
        code: 1,
        json: { error: { code: 'bad-request', message: expect.stringContaining('3 to 200 characters') } },
      });
      before = await what().device.ok<Listing>('ls');
    },
    2 * minute,
  );

  it(
    'locks an account, which shuts its devices out of every service and cuts a download within five seconds',
    async () => {
      const { scene, email } = what();
      const { system } = scene;
      const of = await belongingsOf(await system.databaseUrl(), email);
      const { accountId, deviceId } = await profileOf(what().device);
      const token = await mintToken(await system.tokenKey(), { accountId, deviceId });
      const codeOf = async (route: (typeof routes)[number]) => {
        const { status, text } = await send(system.address, route, requestFor[route.id]!(of), token);
        return status === 200 ? 'served' : (JSON.parse(text) as { code: string }).code;
      };
      expect(await Promise.all(routes.map(codeOf))).toEqual(routes.map(() => 'served'));
      const { version } = before.photos.find(({ name }) => name === what().film)!;
      const download = new HeldDownload(
        new URL(`/api/vault/versions/${version}/object`, system.address),
        token,
      );
      await download.begun;
      await act('lock');
      const lockedAt = Date.now();
      const shut = routes.map(async (route) => {
        while ((await codeOf(route)) === 'served' && Date.now() - lockedAt < 2 * withinMs) await sleep(20);
        return { id: route.id, code: await codeOf(route), intime: Date.now() - lockedAt < withinMs };
      });
      expect(await Promise.all(shut)).toEqual(
        routes.map(({ id }) => ({ id, code: 'account-locked', intime: true })),
      );
      // What had left the server before still comes, and then no more.
      download.goOn();
      expect(await download.end).toMatchObject({ message: 'terminated' });
      expect(Date.now() - lockedAt).toBeLessThan(withinMs);
    },
    2 * minute,
  );

  it(
    'says so to the person, on their device as at a new sign-in, and keeps their keys',
    async () => {
      const { device, email, scene } = what();
      const refused = { code: 1, json: { error: { code: 'account-locked' } } };
      const { stdout, ...run } = await device.run('ls');
      expect(run).toMatchObject(refused);
      expect(stdout).toContain('Nothing is deleted and your keys stay where they are.');
      const other = new CliDevice(
        path.join(scene.folder, 'other', 'profile'),
        scene.system.address,
        device.password,
      );
      const logIn = ['login', '--server', scene.system.address, '--email', email];
      expect(await other.run(...logIn)).toMatchObject(refused);
    },
    2 * minute,
  );

  it(
    'unlocks it: everything is there as before, on the same device, and the person reads what was done',
    async () => {
      const { device, scene, film } = what();
      await act('unlock');
      let listed: unknown;
      const isIn = async () => {
        const { code, json } = await device.run('ls');
        listed = json;
        return code === 0;
      };
      await eventually('being let in', isIn, 30_000);
      expect(listed).toEqual(before);
      const { id, sha256 } = before.photos.find(({ name }) => name === film)!;
      const folder = path.join(scene.folder, 'after the lock');
      await device.ok('get', id, '--to', folder);
      expect(await contentsOf(folder)).toEqual([sha256]);
      expect(await sha256File(path.join(folder, film))).toBe(sha256);
      const { notices } = await device.ok<{ notices: { kind: string; by?: string; reason?: string }[] }>(
        'notices',
      );
      expect(notices.filter(({ reason }) => reason !== undefined)).toMatchObject([
        { kind: 'account-locked', by: 'support', reason: 'to lock it' },
        { kind: 'account-unlocked', by: 'support', reason: 'to unlock it' },
      ]);
    },
    2 * minute,
  );

  it(
    'ends its sessions, after which the person signs in again',
    async () => {
      const { device, email } = what();
      await act('end-sessions');
      const revoked = async () =>
        ((await device.run('ls')).json as { error?: { code: string } }).error?.code === 'device-revoked';
      await eventually('being signed out', revoked, 30_000);
      await device.run('logout');
      await device.logIn(email, 'after the end');
      expect((await device.ok<Listing>('ls')).photos.map(({ id }) => id).sort()).toEqual(
        before.photos.map(({ id }) => id).sort(),
      );
    },
    2 * minute,
  );
}

/** A download of which nothing is read after its first bytes until it shall go on, so that it is under way until then. */
class HeldDownload {
  /** Once bytes have come. */
  readonly begun: Promise<void>;
  /** Resolves to what cut it, or to nothing when it came whole. */
  readonly end: Promise<unknown>;
  readonly goOn: () => void;

  constructor(url: URL, token: string) {
    const begin = Promise.withResolvers<void>();
    const held = Promise.withResolvers<void>();
    this.begun = begin.promise;
    this.goOn = held.resolve;
    this.end = (async () => {
      try {
        const { body } = await fetch(url, { headers: { authorization: `Bearer ${token}` } });
        for await (const _piece of body!) {
          begin.resolve();
          await held.promise;
        }
        return undefined;
      } catch (error) {
        return error;
      }
    })();
  }
}
