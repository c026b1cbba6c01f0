import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  auditRoutes,
  integrityRoutes,
  integrityStaffRoutes,
  newId,
  operationsRoutes,
  servicePrefix,
  serviceNames,
  staffEvent,
  type ScrubId,
  type StaffTopic,
} from '@heirloom/contracts';
import { TestSystem } from '../system.spec-helper.ts';

/** Long enough to tell whether it was waited for. */
const drainMs = 20_000;
let system: TestSystem;
let operator: string;
beforeAll(async () => {
  system = await TestSystem.start({ HEIRLOOM_METRICS_PORT: '0' }, { drainMs });
  operator = await system.operator();
}, 60_000);
afterAll(() => system[Symbol.asyncDispose]());

async function eventually<T>(
  ask: () => Promise<T>,
  isRight: (answer: T) => boolean,
  timeoutMs = 150_000,
): Promise<T> {
  for (const end = performance.now() + timeoutMs; ; await sleep(100)) {
    const answer = await ask();
    if (isRight(answer)) return answer;
    if (performance.now() > end) throw new Error(`it did not come to that: ${JSON.stringify(answer)}`);
  }
}
const { runJob } = operationsRoutes['integrity-checker'];
const overview = () => system.call(integrityStaffRoutes.overview, operator);

/** Listens like a page, and gathers what it is told. */
async function listen(token = operator) {
  const away = new AbortController();
  const response = await fetch(new URL(integrityStaffRoutes.events.path, system.url), {
    headers: { authorization: `Bearer ${token}` },
    signal: away.signal,
  });
  const told = { topics: new Set<StaffTopic>(), text: '', isOver: false };
  const read = async () => {
    for await (const chunk of response.body!.pipeThrough(new TextDecoderStream())) {
      told.text += chunk;
      for (const [, data] of chunk.matchAll(/^data: (.+)$/gm))
        for (const topic of staffEvent.parse(JSON.parse(data!)).topics) told.topics.add(topic);
    }
  };
  const ended = read()
    .catch(() => undefined)
    .finally(() => (told.isOver = true));
  return { response, told, ended, [Symbol.asyncDispose]: async () => (away.abort(), ended) };
}

describe('the overview', () => {
  it('shows every instance, and says so while it hears none of a service', async () => {
    const { instances } = await eventually(
      overview,
      ({ missing, instances: all }) => missing.length === 0 && all.every(({ state }) => state === 'up'),
    );
    expect(instances.map(({ service }) => service)).toEqual([...serviceNames]);
    for (const one of instances) {
      expect(one).toMatchObject({ state: 'up', version: expect.stringMatching(/^\d+\.\d+\.\d+/) });
      expect(one.parts.find(({ name }) => name === 'database')).toEqual({ name: 'database', problem: null });
      expect(one.memoryBytes).toBeGreaterThan(1e6);
    }
    expect(await overview()).toMatchObject({ audit: { entries: expect.any(Number) } });
    const vault = instances.find(({ service }) => service === 'vault')!;
    expect(vault.jobs.map(({ name }) => name)).toContain('copy');
  });

  it('sums up storage, findings and scrubs, and what was read where and when', async () => {
    const begun = Date.now();
    const version = await system.store(await system.person());
    await rm(system.file('b', version));
    const scrubId = newId<ScrubId>();
    await system.call(integrityRoutes.startScrub, operator, { body: { scrubId } });
    const after = await eventually(overview, ({ scrubs }) => scrubs.last?.scrubId === scrubId);
    expect(after.scrubs).toMatchObject({
      running: null,
      last: { state: 'complete' },
      checkedSince: expect.any(Date),
    });
    expect(after.storage!.locations.map(({ locationId, state }) => [locationId, state])).toEqual([
      ['a', 'writable'],
      ['b', 'writable'],
      ['c', 'writable'],
    ]);
    const repaired = await eventually(
      async () => {
        // Its clock strikes every ten seconds only.
        await system.call(runJob, operator, { params: { name: 'look-for-scrubs' } });
        return system.call(integrityRoutes.findings, operator, { query: { limit: 10 } });
      },
      ({ findings }) => findings[0]?.state === 'repaired',
    );
    expect(repaired.findings).toHaveLength(1);
    const { findings, storage } = await overview();
    expect(findings).toEqual({ open: 0, repairing: 0, unrepairable: 0, reported: 0 });
    expect(storage).toMatchObject({ copiesWaiting: 0, oldestWaitingSince: null });
    const { locations, days } = await system.call(integrityStaffRoutes.coverage, operator);
    expect(locations.map(({ locationId }) => locationId)).toEqual(['a', 'b', 'c']);
    for (const { slices } of locations)
      expect(slices.filter((at) => at === null || at.getTime() < begun - 1_000)).toEqual([]);
    // One of the three copies was not there.
    expect(days).toEqual([
      { day: new Date().toISOString().slice(0, 10), copies: 3, bytesRead: expect.any(Number) },
    ]);
    expect(days[0]!.bytesRead).toBeGreaterThanOrEqual(2 * version.bytes);
  });
});

describe('metrics', () => {
  const root = join(import.meta.dirname, '../../../../..');
  const read = (path: string) => readFile(join(root, path), 'utf8');
  /** Names of metrics in an expression, as they are exposed. */
  const namesIn = (text: string) =>
    new Set(
      [...text.matchAll(/\b(?:heirloom|nodejs|process)_[a-z0-9_]+\b/g)].map(([name]) =>
        name.replace(/_(?:bucket|sum|count)$/, ''),
      ),
    );
  const expressions = (value: unknown): string[] =>
    typeof value === 'object' && value !== null
      ? Object.entries(value).flatMap(([key, inner]) =>
          key === 'expr' && typeof inner === 'string' ? [inner] : expressions(inner),
        )
      : [];

  it('tell how storage, scrubs and findings are, and of nobody', async () => {
    const person = await system.person();
    const { versionId, object } = await system.store(person);
    await system.verify(person);
    const text = await eventually(
      async () => (await fetch(system.metricsUrl)).text(),
      (said) => said.includes('heirloom_instances{service="vault",state="up"} 1'),
    );
    for (const location of ['a', 'b', 'c']) {
      expect(text).toContain(`heirloom_location_state{location="${location}",state="writable"} 1`);
      expect(text).toMatch(new RegExp(`heirloom_replicas\\{location="${location}",state="present"\\} [1-9]`));
    }
    expect(text).toContain('heirloom_findings{state="open"} 0');
    expect(text).toMatch(/heirloom_scrub_checked_since_timestamp_seconds \d{10}/);
    expect(text).toMatch(/heirloom_audit_confirmed_timestamp_seconds \d{10}/);
    const { accountId, libraryId, token } = person;
    for (const secret of [accountId, libraryId, token, versionId, object, operator, ...system.secrets])
      expect(text).not.toContain(secret);
  });

  it('are all there that a rule or the dashboard asks for', async () => {
    const exposed = await (await fetch(system.metricsUrl)).text();
    const known = new Set([...exposed.matchAll(/^# TYPE (\S+) /gm)].map(([, name]) => name));
    const rules = (await read('docker/monitoring/rules.yaml')).replaceAll(
      /^\s*(?:#|runbook:|summary:).*$/gm,
      '',
    );
    const dashboard: unknown = JSON.parse(await read('k8s/components/monitoring/dashboard.json'));
    const asked = [...namesIn(rules), ...namesIn(expressions(dashboard).join('\n'))];
    expect(asked.length).toBeGreaterThan(30);
    expect(asked.filter((name) => !known.has(name))).toEqual([]);
  });
});

describe('events', () => {
  it('tell what has changed, to support too, and carry nothing else', async () => {
    await using page = await listen(await system.operator('support'));
    expect(page.response.headers.get('content-type')).toContain('text/event-stream');
    await system.call(integrityRoutes.startScrub, operator, { body: { scrubId: newId<ScrubId>() } });
    await eventually(
      async () => [...page.told.topics],
      (topics) => topics.includes('scrubs'),
    );
    // A job is tried by somebody, so the audit trail has something new.
    await system.call(operationsRoutes.vault.runJob, operator, { params: { name: 'sweep-uploads' } });
    await eventually(
      async () => [...page.told.topics],
      (topics) => topics.includes('audit') && topics.includes('jobs'),
    );
    expect(page.told.text).toMatch(/^(retry: \d+\n\n|data: \{"topics":\[("[a-z]+",?)+\]\}\n\n|:\n\n)+$/);
  });

  it('are cut when the device is signed out', async () => {
    await using page = await listen();
    await using other = await listen(await system.operator());
    await system.revoke(operator);
    await eventually(async () => page.told.isOver, Boolean, 5_000);
    expect(other.told.isOver).toBe(false);
    operator = await system.operator();
  });

  it('end with the token', async () => {
    const seconds = 3;
    await using page = await listen(await system.operator('operator', seconds));
    const begun = performance.now();
    await page.ended;
    expect(performance.now() - begun).toBeLessThan(seconds * 1000 + 5_000);
    expect(page.response.status).toBe(200);
  });
});

describe('what every service says of itself', () => {
  it('is its jobs, which can be run', async () => {
    const routes = operationsRoutes.vault;
    const { jobs } = await system.call(routes.jobs, operator);
    expect(jobs.map(({ name }) => name)).toEqual([...jobs.map(({ name }) => name).sort()]);
    expect(jobs.find(({ name }) => name === 'sweep-uploads')).toMatchObject({ everyMs: 3600_000, failed: 0 });
    expect(jobs.find(({ name }) => name === 'copy')).toMatchObject({ everyMs: null });
    const before = new Date();
    await system.call(routes.runJob, operator, { params: { name: 'sweep-uploads' } });
    const swept = await eventually(
      async () =>
        (await system.call(routes.jobs, operator)).jobs.find(({ name }) => name === 'sweep-uploads')!,
      ({ lastRun }) => lastRun !== null && lastRun.finishedAt >= before,
    );
    expect(swept.lastRun).toMatchObject({ code: null });
    const entry = await eventually(
      async () =>
        (await system.call(auditRoutes.auditEntries, operator, { query: { limit: 50 } })).entries.find(
          ({ kind, details }) => kind === 'job-retried' && details['job'] === 'sweep-uploads',
        ),
      (found) => found !== undefined,
    );
    expect(entry).toMatchObject({ service: 'vault', actor: { kind: 'operator' } });
    await expect(
      system.call(routes.runJob, operator, { params: { name: 'no-such-job' } }),
    ).rejects.toMatchObject({ code: 'not-found' });
  });

  it('is its settings, without a secret', async () => {
    for (const service of serviceNames) {
      const path = `${servicePrefix[service]}/staff/settings`;
      const answer = await fetch(new URL(path, system.url), {
        headers: { authorization: `Bearer ${operator}` },
      });
      const text = await answer.text();
      expect(answer.status).toBe(200);
      for (const value of system.secrets) expect(text).not.toContain(value);
    }
    const { settings } = await system.call(operationsRoutes['integrity-checker'].settings, operator);
    const of = (name: string) => settings.find((setting) => setting.name === name);
    expect(of('HEIRLOOM_INTEGRITY_CHECKER_DATABASE_URL')).toMatchObject({
      origin: 'environment',
      isSecret: true,
      isSet: true,
      value: null,
    });
    expect(of('HEIRLOOM_INTEGRITY_CHECKER_SCRUB_INTERVAL_HOURS')).toMatchObject({
      origin: 'default',
      isSet: false,
      value: '168',
    });
    expect(of('HEIRLOOM_JOBS')).toMatchObject({ origin: 'environment', value: 'postgres' });
  });
});

describe('the end', () => {
  it('is not kept waiting by those who listen', async () => {
    await using page = await listen();
    const begun = performance.now();
    await system.stop();
    expect(performance.now() - begun).toBeLessThan(drainMs / 2);
    await page.ended;
    expect(page.told.text).toContain('retry');
  }, 60_000);
});
