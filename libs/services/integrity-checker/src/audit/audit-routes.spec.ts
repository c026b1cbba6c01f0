import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  auditExportHead,
  auditItem,
  auditRoutes,
  integrityRoutes,
  newId,
  type AuditCheckId,
  type AuditEntry,
  type FamilyId,
  type ScrubId,
} from '@heirloom/contracts';
import { decodeVerifierKey, verifyAuditTrail } from '@heirloom/formats';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { TestSystem, type TestPerson } from '../system.spec-helper.ts';

let system: TestSystem;
let operator: string;
let person: TestPerson;
beforeAll(async () => {
  system = await TestSystem.start({ HEIRLOOM_INTEGRITY_CHECKER_AUDIT_CHECK_INTERVAL_HOURS: '0' });
  operator = await system.operator();
  person = await system.person();
});
afterAll(() => system[Symbol.asyncDispose]());

const until = async <T>(what: () => Promise<T | undefined>): Promise<T> => {
  for (const end = Date.now() + 30_000; Date.now() < end; await sleep(100)) {
    const found = await what();
    if (found !== undefined) return found;
  }
  throw new Error('it did not come');
};
const entries = async (query: object = {}, token = operator) =>
  (await system.call(auditRoutes.auditEntries, token, { query: { limit: 200, ...query } })).entries;
const entryOf = (kind: AuditEntry['kind']) =>
  until(async () => (await entries()).find((entry) => entry.kind === kind));
/** As a service records it, in the transaction of the act. */
const record = (schema: string, act: object) =>
  system.sql.query(`INSERT INTO ${schema}.audit_acts (id, act) VALUES ($1, $2)`, [
    newId(),
    JSON.stringify(act),
  ]);

describe('the audit trail', () => {
  it('tells operators what was done and by whom', async () => {
    const scrubId = newId<ScrubId>();
    await system.call(integrityRoutes.startScrub, operator, { body: { scrubId } });
    const { checkId } = await system.call(auditRoutes.startAuditCheck, operator, {
      body: { checkId: newId<AuditCheckId>() },
    });
    expect(await entryOf('audit-check-started')).toMatchObject({
      service: 'integrity-checker',
      actor: { kind: 'operator' },
      subjectId: checkId,
      details: { cause: 'operator' },
    });
    const finished = await until(async () => {
      const { checks } = await system.call(auditRoutes.auditChecks, operator, { query: { limit: 10 } });
      return checks.find((check) => check.checkId === checkId && check.state !== 'running');
    });
    expect(finished).toMatchObject({ state: 'intact', cause: 'operator', faults: [] });
  });

  it('shows people what concerns them and their family, and nothing else', async () => {
    const other = await system.person();
    const { rows } = await system.sql.query<{ family_id: FamilyId }>(
      'SELECT family_id FROM sharing_policy.members WHERE account_id = $1',
      [person.accountId],
    );
    const familyId = rows[0]!.family_id;
    const by = (accountId: string) => ({ actor: { kind: 'person', id: accountId }, details: {} });
    await record('auth', { kind: 'password-changed', accountId: person.accountId, ...by(person.accountId) });
    await record('sharing_policy', { kind: 'album-made', familyId, ...by(other.accountId) });
    await record('auth', { kind: 'password-changed', accountId: other.accountId, ...by(other.accountId) });
    const activity = async (query: object = {}) =>
      system.call(auditRoutes.activity, person.token, { query: { limit: 10, ...query } });
    const own = await until(async () => {
      const page = await activity();
      return page.entries.length === 2 ? page.entries : undefined;
    });
    expect(own.map(({ kind }) => kind).toSorted()).toEqual(['album-made', 'password-changed']);
    const first = await activity({ limit: 1 });
    const second = await activity({ limit: 1, before: first.next! });
    expect([...first.entries, ...second.entries]).toEqual(own);
    expect(second.next).toBeNull();
    expect(await entries({ accountId: other.accountId })).toHaveLength(1);
    expect(await entries({ familyId, kind: 'album-made' })).toHaveLength(1);
    await expect(system.call(auditRoutes.activity, operator, { query: { limit: 1 } })).rejects.toMatchObject({
      code: 'forbidden',
    });
  });

  it('shows support one account at a time', async () => {
    const support = await system.operator('support');
    await expect(entries({}, support)).rejects.toMatchObject({ code: 'forbidden' });
    expect((await entries({ accountId: person.accountId }, support)).length).toBeGreaterThan(0);
    await expect(
      system.call(auditRoutes.auditChecks, support, { query: { limit: 1 } }),
    ).rejects.toMatchObject({ code: 'forbidden' });
  });

  it('is exported with all that shows it whole, and that is noted', async () => {
    const answer = await fetch(new URL(auditRoutes.exportAudit.path, system.url), {
      headers: { authorization: `Bearer ${operator}` },
    });
    expect(answer.headers.get('content-type')).toBe('application/x-ndjson');
    const [head, ...lines] = (await answer.text())
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as never);
    const { keys } = z.decode(auditExportHead, head!);
    const items = lines.map((line) => z.decode(auditItem, line));
    const read = async function* () {
      yield* items;
    };
    const verdict = await verifyAuditTrail(read, keys.map(decodeVerifierKey));
    expect(verdict).toMatchObject({ first: 0, faults: [] });
    expect(verdict.entries).toBeGreaterThan(4);
    expect((await entryOf('audit-exported')).actor.kind).toBe('operator');
  });
});
