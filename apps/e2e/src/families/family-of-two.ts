import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { allRoutes } from '@heirloom/contracts';
import pg from 'pg';
import { CliDevice } from '../cli/cli.ts';
import { belongingsOf } from '../refusals/belongings.ts';
import { requestFor, send } from '../refusals/requests.ts';
import { mintToken } from '../refusals/tokens.ts';
import { contentsOf, makeJpeg, makeSeededFile } from '../samples/samples.ts';
import { boot, type Scene } from '../system/boot.ts';
import { eventually } from '../system/processes.ts';
import type { TopologyName } from '../system/system.ts';

interface Listing {
  photos: { id: string; name: string; sha256: string }[];
}
const minute = 60_000;

/** How many families the server knows. */
async function familiesIn(connectionString: string): Promise<number> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  try {
    const { rows } = await client.query<{ n: number }>(
      'SELECT count(*)::int AS n FROM sharing_policy.families',
    );
    return rows[0]?.n ?? 0;
  } finally {
    await client.end();
  }
}

/** Two people, told in order: each step stands on the one before. */
export const describeFamilyOfTwo = (topology: TopologyName): void =>
  describe(`a family of two (${topology})`, () => {
    let scene: Scene;
    let ada: CliDevice;
    let bruno: CliDevice;
    let link: string;
    const folder = (name: string) => path.join(scene.folder, name);

    beforeAll(async () => {
      scene = await boot(topology);
      const device = (name: string) =>
        new CliDevice(folder(`${name}/profile`), scene.system.address, `password of ${name}`);
      ada = device('ada');
      bruno = device('bruno');
      for (const [who, seeds] of [
        ['ada', [1, 2, 3]],
        ['bruno', [4, 5]],
        ['later', [6]],
      ] as const) {
        await mkdir(folder(`${who}-photos`), { recursive: true });
        for (const seed of seeds)
          await makeJpeg(path.join(folder(`${who}-photos`), `${who}-${seed}.jpg`), seed);
      }
      await makeSeededFile(path.join(folder('ada-photos'), 'film.mov'), 5_000_000, 'film');
      await ada.signUp('Ada', 'ada@example.org');
      await ada.ok('backup', folder('ada-photos'), '--album', 'Holidays');
    }, 2 * minute);
    afterAll(async () => scene?.[Symbol.asyncDispose](), minute);

    it(
      'invites by a link, whose secret the server never sees',
      async () => {
        const invite = await ada.ok<{ link: string; inviteId: string }>(
          'family',
          'invite',
          '--role',
          'adult',
        );
        link = invite.link;
        expect(new URL(link).hash.length).toBeGreaterThan(40);
        expect(new URL(link).hash).toContain(invite.inviteId);
      },
      minute,
    );

    it(
      'lets somebody without an account join while the inviter sleeps',
      async () => {
        await bruno.ok('family', 'accept', link, '--name', 'Bruno', '--email', 'bruno@example.org');
        // An invite founds no family of one on the way.
        expect(await familiesIn(await scene.system.databaseUrl())).toBe(1);
        const { members } = await bruno.ok<{
          members: { name: string | null; role: string; email?: string }[];
        }>('family', 'ls');
        expect(members).toHaveLength(2);
        expect(members.map(({ role }) => role).sort()).toEqual(['adult', 'owner']);
        expect(members.map(({ name }) => name).sort()).toEqual(['Ada', 'Bruno']);
      },
      minute,
    );

    it(
      'refuses the link a second time, with a sentence',
      async () => {
        const third = new CliDevice(folder('carla/profile'), scene.system.address, 'password of carla');
        const again = await third.run(
          'family',
          'accept',
          link,
          '--name',
          'Carla',
          '--email',
          'carla@example.org',
        );
        expect(again.code).not.toBe(0);
        expect((again.json as { error: { message: string } }).error.message).toMatch(/\.$/);
      },
      minute,
    );

    it(
      'shares an album, and every byte arrives',
      async () => {
        expect((await bruno.ok<Listing>('ls')).photos).toEqual([]);
        await ada.ok('album', 'share', 'Holidays', '--with', 'bruno@example.org', '--role', 'contributor');
        const { photos } = await bruno.ok<Listing>('ls', '--album', 'Holidays');
        expect(photos).toHaveLength(4);
        await bruno.ok('get', '--all', '--album', 'Holidays', '--to', folder('bruno-got'));
        expect(await contentsOf(folder('bruno-got'))).toEqual(await contentsOf(folder('ada-photos')));
      },
      minute,
    );

    it(
      'takes what a contributor adds',
      async () => {
        await bruno.ok('backup', folder('bruno-photos'), '--album', 'Holidays');
        await ada.ok('get', '--all', '--album', 'Holidays', '--to', folder('ada-got'));
        const both = [
          ...(await contentsOf(folder('ada-photos'))),
          ...(await contentsOf(folder('bruno-photos'))),
        ].sort();
        expect(await contentsOf(folder('ada-got'))).toEqual(both);
      },
      minute,
    );

    it(
      'shuts a removed member out within five seconds, and what comes later stays closed',
      async () => {
        const asked = ['family.log.read', 'vault.feed.read', 'integrity.verifications.create'];
        const album = await belongingsOf(await scene.system.databaseUrl(), 'ada@example.org');
        const own = await belongingsOf(await scene.system.databaseUrl(), 'bruno@example.org');
        const token = await mintToken(await scene.system.tokenKey(), own);
        const statuses = () =>
          Promise.all(
            asked.map(async (id) => {
              const aim = id === 'vault.feed.read' ? { ...own, libraryId: album.albumId } : own;
              const route = allRoutes.find((candidate) => candidate.id === id)!;
              return (await send(scene.system.address, route, requestFor[id]!(aim), token)).status;
            }),
          );
        expect(await statuses()).toEqual([200, 200, 200]);
        await ada.ok('family', 'remove', 'bruno@example.org');
        const removedAt = Date.now();
        await eventually(
          'every service refusing the removed one',
          async () => (await statuses()).every((status) => [403, 404].includes(status)),
          15_000,
        );
        expect(Date.now() - removedAt).toBeLessThan(5_000);
        expect((await bruno.run('ls', '--album', 'Holidays')).code).not.toBe(0);
        await ada.ok('backup', folder('later-photos'), '--album', 'Holidays');
        expect((await ada.ok<Listing>('ls', '--album', 'Holidays')).photos.map(({ name }) => name)).toContain(
          'later-6.jpg',
        );
        expect((await bruno.run('ls', '--album', 'Holidays')).stdout).not.toContain('later-6.jpg');
        const { members } = await ada.ok<{ members: unknown[] }>('family', 'ls');
        expect(members).toHaveLength(1);
      },
      2 * minute,
    );

    it(
      'leaves the removed one their own library',
      async () => {
        const { photos } = await bruno.ok<Listing>('ls');
        expect(photos.map(({ name }) => name).sort()).toEqual(['bruno-4.jpg', 'bruno-5.jpg']);
      },
      minute,
    );

    it(
      'takes somebody in who had a family of their own, with photos and albums, on all of their devices',
      async () => {
        const [erik, tablet] = ['erik', 'tablet'].map(
          (name) => new CliDevice(folder(`${name}/profile`), scene.system.address, 'password of erik'),
        ) as [CliDevice, CliDevice];
        await erik.signUp('Erik', 'erik@example.org');
        await erik.ok('backup', folder('bruno-photos'), '--album', 'Erik before');
        await tablet.logIn('erik@example.org', 'tablet');
        await tablet.ok('ls');
        const { link } = await ada.ok<{ link: string }>('family', 'invite', '--role', 'child');
        const accepted = await erik.run('family', 'accept', link);
        expect(accepted).toMatchObject({ code: 0, json: { role: 'child' } });
        expect(accepted.stderr).toMatch(/Your own family.*given up.*Your photos came along/);
        const { members } = await tablet.ok<{ members: { name: string }[] }>('family', 'ls');
        expect(members.map(({ name }) => name).sort()).toEqual(['Ada', 'Erik']);
        expect((await tablet.ok<Listing>('ls', '--album', 'Erik before')).photos).toHaveLength(2);
        expect((await erik.ok<Listing>('ls')).photos).toHaveLength(2);
        await erik.ok('get', '--all', '--album', 'Erik before', '--to', folder('erik-got'));
        expect(await contentsOf(folder('erik-got'))).toEqual(await contentsOf(folder('bruno-photos')));
        expect((await ada.run('ls', '--album', 'Erik before')).code).not.toBe(0);
      },
      2 * minute,
    );

    it(
      'takes an album back',
      async () => {
        const invite = await ada.ok<{ link: string }>('family', 'invite', '--role', 'viewer');
        const dora = new CliDevice(folder('dora/profile'), scene.system.address, 'password of dora');
        await dora.ok('family', 'accept', invite.link, '--name', 'Dora', '--email', 'dora@example.org');
        await ada.ok('album', 'share', 'Holidays', '--with', 'dora@example.org', '--role', 'viewer');
        expect((await dora.ok<Listing>('ls', '--album', 'Holidays')).photos.length).toBeGreaterThan(0);
        await ada.ok('album', 'unshare', 'Holidays', '--with', 'dora@example.org');
        await eventually(
          'the album being gone',
          async () => (await dora.run('ls', '--album', 'Holidays')).code !== 0,
          15_000,
        );
      },
      2 * minute,
    );
  });
