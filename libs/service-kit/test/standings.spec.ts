import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { limits, newId, type AppError, type PhotoId } from '@heirloom/contracts';
import type { Person } from '@heirloom/service-kit';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { HttpInstallation, problemOf, seen, slowGate } from './http-installation.ts';
import type { Identities } from './identities.ts';
import { until } from './installation.ts';

let installation: HttpInstallation;
let identities: Identities;
beforeAll(async () => {
  installation = await HttpInstallation.create();
  ({ identities } = installation);
});
afterEach(() => {
  identities.refuseStandingChanges = false;
  identities.forgetCursors = false;
});
afterAll(() => installation[Symbol.asyncDispose]());

const get = async (path: string, person: Person): Promise<Response> =>
  installation.call(path, { headers: await installation.asPerson(person) });
const remove = async (person: Person): Promise<Response> =>
  installation.call(`/api/vault/things/${newId<PhotoId>()}`, {
    method: 'DELETE',
    headers: await installation.asPerson(person),
  });

/** A download that never ends by itself; `cut` tells whether it was cut. */
async function download(person: Person, path = '/api/vault/photo') {
  const response = await get(path, person);
  const { signal } = seen;
  const state = { status: response.status, signal: signal!, cut: false };
  const ended = response.text().catch(() => void (state.cut = true));
  return { ...state, isCut: () => state.cut, ended };
}

describe('somebody who is removed', () => {
  it.each([
    ['is told of', true, 1_500],
    ['must be found out', false, 5_000],
  ])(
    'is refused, and their open download cut, when it %s',
    async (_how, nudge, withinMs) => {
      const [person, other] = [identities.person('adult'), identities.person('adult')];
      const [open, ofOther, ofAccount] = [
        await download(person),
        await download(other),
        await download(person, '/api/vault/download'),
      ];
      expect(open.status).toBe(200);
      const begun = performance.now();
      await identities.change(person.accountId, undefined, nudge);
      await open.ended;
      expect(performance.now() - begun).toBeLessThan(withinMs);
      expect(open.isCut()).toBe(true);
      expect((open.signal.reason as AppError).code).toBe('unavailable');
      expect((await problemOf(await get('/api/vault/photo', person))).code).toBe('forbidden');
      // What others do, and what was not decided by a standing, goes on.
      expect([ofOther.isCut(), ofAccount.isCut()]).toEqual([false, false]);
      expect((await get('/api/vault/photo', other)).status).toBe(200);
    },
    8_000,
  );

  it('has an upload answered that is under way, so that it is decided anew', async () => {
    const person = identities.person('adult');
    const headers = await installation.asPerson(person, {
      'content-type': 'application/offset+octet-stream',
    });
    const answered = Promise.withResolvers<IncomingMessage>();
    const url = `${installation.running.url}/api/vault/photo`;
    const upload = httpRequest(url, { method: 'PATCH', headers }, answered.resolve);
    upload.on('error', answered.reject);
    const { signal: before } = seen;
    upload.write('the first bytes');
    await until(() => seen.signal !== before);
    await identities.change(person.accountId, undefined);
    const response = await answered.promise;
    expect([response.statusCode, response.headers.connection]).toEqual([503, 'close']);
    expect(response.headers['retry-after']).toBe('1');
    expect(String((await response.toArray())[0])).toContain('unavailable');
    await new Promise((resolve) => upload.once('close', resolve));
    expect((await get('/api/vault/photo', person)).status).toBe(403);
  });

  it('has a change answered whose handler decides by itself: it may be what took their rights', async () => {
    const person = identities.person('adult');
    const headers = await installation.asPerson(person);
    const answer = installation.call('/api/vault/leave', { method: 'POST', headers });
    const { signal: before } = seen;
    await until(() => seen.signal !== before);
    const changes = identities.standingChangesAsked;
    await identities.change(person.accountId, undefined);
    await until(() => identities.standingChangesAsked > changes + 1);
    slowGate.resolve();
    expect(await (await answer).json()).toEqual({ left: true });
    expect((await get('/api/vault/photo', person)).status).toBe(403);
  });

  it('is refused where the answer that lets them in was on its way', async () => {
    const person = identities.person('owner');
    const held = Promise.withResolvers<void>();
    const { standingsAsked: asked } = identities;
    const { removed } = seen;
    identities.standingsHeld = held.promise;
    const answer = remove(person);
    await until(() => identities.standingsAsked > asked);
    identities.standingsHeld = Promise.resolve();
    const changes = identities.standingChangesAsked;
    await identities.change(person.accountId, undefined);
    await until(() => identities.standingChangesAsked > changes);
    await sleep(50);
    held.resolve();
    expect((await answer).status).toBe(503);
    expect((await remove(person)).status).toBe(403);
    expect(seen.removed).toBe(removed);
  });
});

describe('a change of a standing', () => {
  it('that takes nothing away cuts nothing', async () => {
    const person = identities.person('adult');
    const open = await download(person);
    identities.standingChanges.push({
      kind: 'standing-changed',
      accountId: person.accountId,
      less: false,
      at: new Date(),
    });
    await sleep(limits.revocationPullMs + 500);
    expect(open.isCut()).toBe(false);
  });

  it('that is told again cuts once', async () => {
    const person = identities.person('adult');
    const first = await download(person);
    await identities.change(person.accountId, 'viewer', false);
    const [change] = identities.standingChanges.slice(-1);
    await first.ended;
    const second = await download(person);
    identities.standingChanges.push(change!);
    await sleep(limits.revocationPullMs + 500);
    expect(second.isCut()).toBe(false);
    // Another one does.
    await identities.change(person.accountId, 'child');
    await second.ended;
    expect(second.isCut()).toBe(true);
  }, 12_000);

  it('makes others ask again, who had been refused or let in by what was before', async () => {
    const person = identities.person();
    expect((await get('/api/vault/photo', person)).status).toBe(403);
    await identities.change(person.accountId, 'owner');
    expect((await remove(person)).status).toBe(204);
  });
});

describe('what is kept of a standing', () => {
  it('does not refuse what was given since', async () => {
    const person = identities.person('viewer');
    expect((await get('/api/vault/photo', person)).status).toBe(200);
    expect((await remove(person)).status).toBe(403);
    // No nudge, and no pull yet: as over a network on which the nudge is slower than the person.
    identities.roles.set(person.accountId, 'owner');
    const asked = identities.standingsAsked;
    expect((await remove(person)).status).toBe(204);
    expect(identities.standingsAsked).toBe(asked + 1);
    expect((await remove(person)).status).toBe(204);
    expect(identities.standingsAsked).toBe(asked + 1);
  });

  it('is asked for once by a request that it refuses', async () => {
    const person = identities.person('viewer');
    await get('/api/vault/photo', person);
    const asked = identities.standingsAsked;
    for (let i = 1; i <= 3; i += 1) {
      expect((await remove(person)).status).toBe(403);
      expect(identities.standingsAsked).toBe(asked + i);
    }
  });
});

describe('a sharing-policy that does not tell of changes', () => {
  it('makes what it decides 503, cuts streams, tells readiness, and heals; the rest goes on', async () => {
    const person = identities.person('owner');
    const [open, own] = [await download(person), await download(person, '/api/vault/download')];
    identities.refuseStandingChanges = true;
    await open.ended;
    const refused = await get('/api/vault/photo', person);
    expect(refused.headers.get('retry-after')).toBe('1');
    expect((await problemOf(refused)).code).toBe('revocations-stale');
    expect((await remove(person)).status).toBe(503);
    const ready = await installation.call('/health/ready');
    expect([ready.status, await ready.json()]).toMatchObject([
      503,
      { services: { vault: { revocations: 'ok', standings: expect.stringContaining('cannot be checked') } } },
    ]);
    expect(own.isCut()).toBe(false);
    expect((await get('/api/vault/download', person)).status).toBe(200);
    identities.refuseStandingChanges = false;
    await until(async () => (await installation.call('/health/ready')).status === 200);
    expect((await remove(person)).status).toBe(204);
  }, 15_000);

  it('and then begins anew makes everything be decided anew', async () => {
    const person = identities.person('owner');
    const open = await download(person);
    identities.roles.delete(person.accountId);
    identities.forgetCursors = true;
    await open.ended;
    expect(open.isCut()).toBe(true);
    identities.forgetCursors = false;
    expect((await remove(person)).status).toBe(403);
  }, 8_000);
});
