import { randomBytes } from 'node:crypto';
import path from 'node:path';
import { mkdir } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  allRoutes,
  problem,
  problemContentType,
  staffRoles,
  type RouteContract,
  type StaffRole,
} from '@heirloom/contracts';
import { CliDevice } from '../cli/cli.ts';
import { belongingsOf } from '../refusals/belongings.ts';
import { requestFor, send, type Belongings, type WireAnswer } from '../refusals/requests.ts';
import { mintToken } from '../refusals/tokens.ts';
import { makeJpeg } from '../samples/samples.ts';
import { boot, topologies, type Scene } from '../system/boot.ts';

const guarded = allRoutes.filter((route) => route.access !== 'public');
const rolesOf = ({ access }: RouteContract): readonly StaffRole[] =>
  access === 'staff' ? staffRoles : access === 'operator' ? ['operator'] : [];
const isForStaff = (route: RouteContract) => rolesOf(route).length > 0;
/** Routes that answer about whoever asks: another person's token gets that person's own things. */
const aboutTheAsker = new Set([
  'auth.account.read',
  'auth.account.acts',
  'auth.devices.list',
  'auth.unlocks.list',
  'auth.sessions.logout',
  'family.read',
  'family.log.read',
  'family.log.proof',
  'family.collections.list',
  'family.invites.list',
  'family.members.list',
  'vault.usage.read',
  'integrity.activity.list',
]);
const takesJson = allRoutes.filter(
  (route) => !route.stream && !['GET', 'HEAD', 'DELETE', 'OPTIONS'].includes(route.method),
);
const hasBody = (route: RouteContract) => requestFor[route.id]!(nobody).body !== undefined;
const nobody: Belongings = {
  accountId: '',
  deviceId: '',
  familyId: '',
  libraryId: '',
  albumId: '',
  photoId: '',
  versionId: '',
  uploadId: '',
};

function expectProblem(route: RouteContract, answer: WireAnswer, statuses: readonly number[]): void {
  const { status, text } = answer;
  expect({ route: route.id, status: statuses.includes(status) ? 'refused' : status, text }).toMatchObject({
    status: 'refused',
  });
  expect(answer.contentType).toContain(problemContentType);
  if (route.method === 'HEAD') return; // an answer without a body
  const parsed = problem.parse(JSON.parse(answer.text));
  expect(parsed.status).toBe(answer.status);
  expect(parsed.title).toMatch(/\.$/);
}

describe.each(topologies)('refusals (%s)', (topology) => {
  let scene: Scene;
  let seed: string;
  let anna: Belongings;
  let bruno: Belongings;

  const person = async (name: string): Promise<Belongings> => {
    const email = `${name}@example.org`;
    const device = new CliDevice(
      path.join(scene.folder, name, 'profile'),
      scene.system.address,
      `password of ${name}`,
    );
    await device.signUp(name, email);
    const photos = path.join(scene.folder, name, 'photos');
    await mkdir(photos, { recursive: true });
    await makeJpeg(path.join(photos, 'one.jpg'), name.length);
    await device.ok('backup', photos, '--album', 'Things');
    return belongingsOf(await scene.system.databaseUrl(), email);
  };

  /** Of somebody whom the route does not refuse for who they are. */
  const tokenFor = async (route: RouteContract): Promise<string | undefined> => {
    if (route.access === 'public') return undefined;
    return mintToken(seed, isForStaff(route) ? { ...anna, role: 'operator' } : anna);
  };

  beforeAll(async () => {
    scene = await boot(topology);
    seed = await scene.system.tokenKey();
    anna = await person('anna');
    bruno = await person('bruno');
    const create = allRoutes.find(({ id }) => id === 'vault.uploads.create')!;
    const upload = await send(
      scene.system.address,
      create,
      requestFor[create.id]!(anna),
      await mintToken(seed, anna),
    );
    expect(upload).toMatchObject({ status: 201 });
  }, 120_000);
  afterAll(async () => scene?.[Symbol.asyncDispose](), 60_000);

  it('has a request for every route that contracts declare', () => {
    expect(Object.keys(requestFor).sort()).toEqual(allRoutes.map((route) => route.id).sort());
  });

  it('accepts the token that these tests mint, so that the refusals mean something', async () => {
    const token = await mintToken(seed, anna);
    for (const id of ['auth.account.read', 'family.read', 'vault.libraries.summary', 'vault.feed.read']) {
      const route = allRoutes.find((candidate) => candidate.id === id)!;
      expect(await send(scene.system.address, route, requestFor[id]!(anna), token)).toMatchObject({
        status: 200,
      });
    }
  });

  it.each(guarded.map((route) => [route.id, route] as const))('%s refuses no token', async (id, route) => {
    expectProblem(route, await send(scene.system.address, route, requestFor[id]!(anna)), [401]);
  });

  it.each(guarded.map((route) => [route.id, route] as const))(
    '%s refuses expired, forged and garbled tokens',
    async (id, route) => {
      const request = requestFor[id]!(anna);
      const bad = [
        await mintToken(seed, { ...anna, expiresIn: -10 }),
        await mintToken(randomBytes(32).toString('base64url'), anna),
        'not-a-token',
        `${await mintToken(seed, anna)}x`,
      ];
      for (const token of bad)
        expectProblem(route, await send(scene.system.address, route, request, token), [401]);
    },
  );

  it.each(guarded.filter(({ id }) => !aboutTheAsker.has(id)).map((route) => [route.id, route] as const))(
    "%s refuses another person's token",
    async (id, route) => {
      const token = await mintToken(seed, bruno);
      const answer = await send(scene.system.address, route, requestFor[id]!(anna), token);
      if (id === 'vault.photos.commit') {
        // Each item answers for itself.
        expect(JSON.parse(answer.text)).toMatchObject({ results: [{ status: 'refused', copies: 0 }] });
        return;
      }
      expectProblem(route, answer, [400, 403, 404, 409, 422]);
    },
  );

  it.each(guarded.map((route) => [route.id, route] as const))(
    '%s is closed to staff, or to all others',
    async (id, route) => {
      for (const role of [undefined, ...staffRoles]) {
        if (role === undefined ? !isForStaff(route) : rolesOf(route).includes(role)) continue;
        const token = await mintToken(seed, { ...anna, ...(role ? { role } : {}) });
        expectProblem(route, await send(scene.system.address, route, requestFor[id]!(anna), token), [403]);
      }
    },
  );

  it.each(
    allRoutes
      .filter(({ id }) => aboutTheAsker.has(id) && id !== 'auth.sessions.logout')
      .map((route) => [route.id, route] as const),
  )("%s answers about the asker and never shows another person's ids", async (id, route) => {
    const answer = await send(
      scene.system.address,
      route,
      requestFor[id]!(anna),
      await mintToken(seed, bruno),
    );
    expect(answer.status).toBe(200);
    for (const secret of Object.values(anna)) expect(answer.text).not.toContain(secret);
  });

  it.each(takesJson.filter(hasBody).map((route) => [route.id, route] as const))(
    '%s refuses malformed bodies',
    async (id, route) => {
      const request = requestFor[id]!(anna);
      const token = await tokenFor(route);
      const post = (body: string, type: string) =>
        send(
          scene.system.address,
          route,
          {
            ...request,
            body: undefined,
            raw: { body: Buffer.from(body), headers: { 'content-type': type } },
          },
          token,
        );
      expectProblem(route, await post('{"half":', 'application/json'), [400]);
      expectProblem(route, await post('[]', 'application/json'), [400]);
      expectProblem(route, await post('{}', 'application/json'), [400]);
      expectProblem(route, await post('null', 'application/json'), [400]);
      expectProblem(route, await post(JSON.stringify(request.body), 'text/plain'), [415]);
      expectProblem(
        route,
        await post(JSON.stringify({ padding: 'x'.repeat(route.bodyLimitBytes + 1) }), 'application/json'),
        [413],
      );
    },
  );

  it.each(allRoutes.filter((route) => route.path.includes(':')).map((route) => [route.id, route] as const))(
    '%s refuses malformed ids in its path',
    async (id, route) => {
      const request = requestFor[id]!(anna);
      const token = await tokenFor(route);
      for (const bad of ['x', '../../etc/passwd', '00000000-0000-4000-8000-000000000000', '%00']) {
        const params = Object.fromEntries(Object.keys(request.params ?? {}).map((name) => [name, bad]));
        expectProblem(
          route,
          await send(scene.system.address, route, { ...request, params }, token),
          [400, 404],
        );
      }
    },
  );

  it('answers unknown addresses and wrong methods with problems too', async () => {
    for (const [method, target, status] of [
      ['GET', '/api/vault/nothing-here', 404],
      ['PUT', '/api/vault/photos', 405],
    ] as const) {
      const answer = await fetch(new URL(target, scene.system.address), { method });
      expect(answer.status).toBe(status);
      expect(answer.headers.get('content-type')).toContain(problemContentType);
    }
  });
});
