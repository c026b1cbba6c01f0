import { describe, expect, it } from '@jest/globals';
import {
  authMessages,
  newId,
  policyMessages,
  standingMessages,
  type MessageContract,
} from '@heirloom/contracts';
import { createLog, databaseUrlSetting, defineService, migrateServices, run } from '@heirloom/service-kit';
import { emptyTestDatabase } from '@heirloom/service-kit/testing';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { z } from 'zod';
import { MetricsRegistry } from '../src/metrics/registry.ts';
import { Collector, type CollectedSpan } from './collector.ts';
import { HttpInstallation } from './http-installation.ts';
import { Identities } from './identities.ts';
import { until } from './installation.ts';

/** What somebody types, sends or is, and no operator should find in a metric or a trace. */
const planted = { email: 'grandma@example.org', name: 'Grandma', address: '203.0.113.77' };

/** Sends requests that carry what must not be kept: in path, query, body and headers. @returns what was sent */
async function useIt(installation: HttpInstallation): Promise<string[]> {
  const photoId = newId<string>();
  const person = installation.identities.person('owner');
  const headers = await installation.asPerson(person, {
    'content-type': 'application/json',
    'x-forwarded-for': planted.address,
    'user-agent': planted.name,
  });
  const body = JSON.stringify({ data: 'AAAA', when: 'now' });
  const thing = `/api/vault/things/${photoId}?limit=3`;
  expect((await installation.call(thing, { method: 'POST', headers, body })).status).toBe(201);
  const removed = await installation.call(`/api/vault/things/${photoId}`, { method: 'DELETE', headers });
  expect(removed.status).toBe(204);
  await installation.call(`/api/vault/${planted.email}`, { headers });
  await installation.call(`/api/vault/things/${planted.name}`, { method: 'POST', headers, body });
  await installation.call('/api/vault/open', { headers: { authorization: `Bearer ${planted.email}` } });
  return [
    ...Object.values(planted),
    photoId,
    person.accountId,
    person.deviceId,
    headers['authorization']!.slice('Bearer '.length),
  ];
}

describe('metrics', () => {
  it('are answered at a port of their own, and tell what happened by names out of contracts alone', async () => {
    await using installation = await HttpInstallation.create({
      HEIRLOOM_METRICS_PORT: '0',
      HEIRLOOM_TRUSTED_PROXIES: '127.0.0.1',
    });
    const sent = await useIt(installation);
    const { metricsPort } = installation.running;
    const answer = await fetch(`http://127.0.0.1:${metricsPort}/metrics`);
    expect(answer.headers.get('content-type')).toContain('text/plain');
    const text = await answer.text();
    for (const part of sent) expect(text).not.toContain(part);
    expect(text).toContain(
      'heirloom_http_requests_total{service="vault",method="POST",route="/api/vault/things/:photoId",code="201"} 1',
    );
    expect(text).toContain(
      'heirloom_messages_handled_total{service="sharing-policy",message="sharing-policy.standing",outcome="ok"} 1',
    );
    expect(text).toContain('heirloom_part_ready{service="vault",part="bus"} 1');
    expect(text).toMatch(/heirloom_build_info\{service="vault",version="\d+\.\d+\.\d+"\} 1/);
    expect(text).toMatch(/^nodejs_eventloop_lag_seconds /m);
    const routes = new Set([...text.matchAll(/route="([^"]*)"/g)].map(([, route]) => route));
    expect([...routes].sort()).toEqual(['/api/vault/open', '/api/vault/things/:photoId', 'none']);
  });

  it('grow by no address that strangers think of', async () => {
    await using installation = await HttpInstallation.create({ HEIRLOOM_METRICS_PORT: '0' });
    const lines = async () =>
      (await (await fetch(`http://127.0.0.1:${installation.running.metricsPort}/metrics`)).text())
        .split('\n')
        .filter((line) => line.startsWith('heirloom_http_')).length;
    const ask = (n: number, method: string) => installation.call(`/api/vault/${n}`, { method });
    for (const method of ['GET', 'POST', 'PROPFIND', 'REPORT']) await ask(0, method);
    const before = await lines();
    for (let n = 1; n < 20; n += 1) for (const method of ['GET', 'PROPFIND', 'LOCK']) await ask(n, method);
    expect(await lines()).toBe(before);
  });

  it('are nowhere unless they are asked for', async () => {
    await using installation = await HttpInstallation.create();
    expect(installation.running.metricsPort).toBeUndefined();
    expect((await installation.call('/metrics')).status).toBe(404);
    expect((await installation.call('/api/vault/metrics')).status).toBe(404);
  });

  it('say which setting is wrong when their port is taken, and leave nothing behind', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const taken = String((other.address() as AddressInfo).port);
    await expect(HttpInstallation.create({ HEIRLOOM_METRICS_PORT: taken })).rejects.toThrow(
      /HEIRLOOM_METRICS_PORT: another program listens/,
    );
    await new Promise((resolve) => other.close(resolve));
  });
});

describe('a listener for staff', () => {
  it('is the only one that answers them', async () => {
    await using installation = await HttpInstallation.create({ HEIRLOOM_STAFF_PORT: '0' });
    const headers = {
      authorization: `Bearer ${await installation.identities.token(installation.identities.staff('operator'))}`,
    };
    const staff = installation.running.staffUrl;
    const operate = '/api/vault/operate';
    expect((await fetch(`${staff}${operate}`, { headers })).status).toBe(200);
    for (const path of [operate, '/api/vault/%6fperate', '/admin', '/admin/', '/admin/jobs?x=1', '/%61dmin'])
      expect([path, (await installation.call(path, { headers })).status]).toEqual([path, 404]);
    // Not even who asks makes a difference there.
    expect((await installation.call(operate)).status).toBe(404);
    expect((await fetch(`${staff}${operate}`)).status).toBe(401);
    expect((await installation.call('/api/vault/open')).status).toBe(200);
    expect((await installation.call('/')).status).toBe(200);
  });

  it('is not there unless it is asked for', async () => {
    await using installation = await HttpInstallation.create();
    expect(installation.running.staffUrl).toBeUndefined();
    expect((await installation.call('/api/vault/operate')).status).toBe(401);
  });
});

describe('traces', () => {
  const named = (spans: readonly CollectedSpan[], name: string) => {
    const found = spans.find((span) => span.name === name);
    if (!found) throw new Error(`no span ${name} among ${spans.map((span) => span.name).join(', ')}`);
    return found;
  };

  it('follow a request through the services that it needs, and tell nothing of whose it is', async () => {
    await using collector = await Collector.start();
    let sent: string[];
    {
      await using installation = await HttpInstallation.create({ HEIRLOOM_TRACES_URL: collector.url });
      sent = await useIt(installation);
    }
    await until(() => collector.spans.some(({ name }) => name === 'handle sharing-policy.standing'));
    const { spans } = collector;
    const request = named(spans, 'DELETE /api/vault/things/:photoId');
    const asked = named(spans, 'ask sharing-policy.standing');
    const handled = named(spans, 'handle sharing-policy.standing');
    expect(asked).toMatchObject({
      traceId: request.traceId,
      parentSpanId: request.spanId,
      service: 'vault',
    });
    expect(handled).toMatchObject({
      traceId: request.traceId,
      parentSpanId: asked.spanId,
      service: 'sharing-policy',
    });
    expect(request.parentSpanId ?? '').toBe('');
    expect(spans.map(({ name }) => name)).toContain('POST /api/vault/things/:photoId');
    for (const part of sent) expect(collector.text).not.toContain(part);
  });

  it('go on with what a known proxy began, and with nothing that a stranger says', async () => {
    await using collector = await Collector.start();
    const parent = `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`;
    const traces: string[] = [];
    for (const proxies of ['10.0.0.1', '127.0.0.1']) {
      const before = collector.spans.length;
      {
        await using installation = await HttpInstallation.create({
          HEIRLOOM_TRACES_URL: collector.url,
          HEIRLOOM_TRUSTED_PROXIES: proxies,
        });
        await installation.call('/api/vault/open', { headers: { traceparent: parent } });
        await installation.call('/api/vault/open', { headers: { traceparent: 'nonsense' } });
      }
      await until(() => collector.spans.length >= before + 2);
      traces.push(...collector.spans.slice(before).map(({ traceId }) => traceId));
    }
    expect(traces.map((id) => id === 'a'.repeat(32))).toEqual([false, false, true, false]);
  });

  it('do not matter when nobody takes them', async () => {
    const begun = performance.now();
    {
      await using installation = await HttpInstallation.create({
        HEIRLOOM_TRACES_URL: 'http://127.0.0.1:1/v1/traces',
      });
      expect((await installation.call('/api/vault/open')).status).toBe(200);
    }
    expect(performance.now() - begun).toBeLessThan(8_000);
  });
});

describe('probes', () => {
  it('have the addresses that others expect, and those of before', async () => {
    await using installation = await HttpInstallation.create();
    for (const path of ['/livez', '/readyz', '/startupz', '/health/live', '/health/ready', '/health/started'])
      expect([path, (await installation.call(path)).status]).toEqual([path, 200]);
  });

  it('tell a process that is alive from one that can be asked', async () => {
    await using installation = await HttpInstallation.create();
    installation.identities.refuseChanges = true;
    await until(async () => (await installation.call('/readyz')).status === 503);
    expect((await installation.call('/livez')).status).toBe(200);
    expect((await installation.call('/startupz')).status).toBe(200);
  });

  it('say that a release does not fit its database before it is migrated, and that it does afterwards', async () => {
    await using database = await emptyTestDatabase();
    await using folder = await temporaryFolder();
    await mkdir(join(folder.path, '1_first'));
    await writeFile(join(folder.path, '1_first/migration.sql'), 'CREATE TABLE things (id int)');
    const identities = await Identities.create();
    const vault = defineService({
      name: 'vault',
      config: z.object({ HEIRLOOM_VAULT_DATABASE_URL: databaseUrlSetting }),
      schema: 'vault',
      migrations: pathToFileURL(`${folder.path}/`),
      module: () => ({ module: class NothingModule {} }),
    });
    const env = { HEIRLOOM_PORT: '0', HEIRLOOM_VAULT_DATABASE_URL: database.url };
    const messages = [authMessages, policyMessages, standingMessages].flatMap((group) =>
      Object.values<MessageContract>(group),
    );
    await using running = await run([vault, identities.auth(), identities.policy()], env, {
      contracts: { routes: [], messages },
      log: createLog('silent'),
    });
    const ask = async (path: string) => {
      const answer = await fetch(`${running.url}${path}`);
      return { status: answer.status, text: await answer.text() };
    };
    for (const path of ['/startupz', '/readyz'])
      expect(await ask(path)).toMatchObject({
        status: 503,
        text: expect.stringContaining('The database lacks 1 of the migrations of this release.'),
      });
    expect((await ask('/livez')).status).toBe(200);
    await migrateServices([vault], env);
    await until(async () => (await ask('/startupz')).status === 200);
    expect((await ask('/readyz')).status).toBe(200);
  });
});

async function temporaryFolder() {
  const path = await mkdtemp(join(tmpdir(), 'heirloom-operations-'));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true }) };
}

describe('a gauge', () => {
  it('is absent where there is nothing to tell, and never fails who asks', async () => {
    const registry = new MetricsRegistry(createLog('silent'));
    registry.gauge({ name: 'heirloom_nothing', help: 'Nothing.', labels: [], read: () => [] });
    registry.gauge({
      name: 'heirloom_zero',
      help: 'Zero.',
      labels: [],
      read: () => [{ labels: {}, value: 0 }],
    });
    registry.gauge({
      name: 'heirloom_broken',
      help: 'Broken.',
      labels: ['part'],
      read: () => Promise.reject(new Error('grandma@example.org')),
    });
    const { text } = await registry.expose();
    expect(text).toMatch(/^heirloom_zero 0$/m);
    expect(text).not.toMatch(/^heirloom_(nothing|broken)/m);
    expect(text).not.toContain('grandma');
  });
});
