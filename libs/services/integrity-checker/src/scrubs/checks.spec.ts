import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { integrityRoutes, newId, type LibraryId, type ScrubId } from '@heirloom/contracts';
import { TestSystem, type TestPerson } from '../system.spec-helper.ts';

describe('what people may know of scrubs', () => {
  let system: TestSystem;
  let person: TestPerson;
  beforeAll(async () => {
    system = await TestSystem.start();
    person = await system.person();
  });
  afterAll(() => system[Symbol.asyncDispose]());

  const checks = (token: string | undefined = person.token, libraryId = person.libraryId) =>
    system.call(integrityRoutes.checks, token, { params: { libraryId } });
  const put = async (state: string, startedAt: string, running: 1 | null = null) => {
    const id = newId();
    await system.sql.query(
      `INSERT INTO integrity_checker.scrubs (id, cause, state, running, started_at)
       VALUES ($1, 'schedule', $2::integrity_checker.scrub_state, $3, $4)`,
      [id, state, running, startedAt],
    );
    return id;
  };

  it('is nothing before the first', async () => {
    expect(await checks()).toEqual({ checkedSince: null, running: null });
  });

  it('is when the last began that read all', async () => {
    await put('partial', '2026-11-01T10:00:00Z');
    expect(await checks()).toEqual({ checkedSince: null, running: null });
    await put('complete', '2026-11-02T10:00:00Z');
    await put('complete', '2026-11-03T10:00:00Z');
    await put('partial', '2026-11-04T10:00:00Z');
    expect(await checks()).toEqual({ checkedSince: new Date('2026-11-03T10:00:00Z'), running: null });
  });

  it('is how far the one has come that runs, and a real one ends it', async () => {
    const id = await put('running', '2026-11-05T10:00:00Z', 1);
    // Leased by somebody who takes their time.
    await system.sql.query(
      `INSERT INTO integrity_checker.slices (scrub_id, location_id, number, state, due_at)
       SELECT $1, 'a', number, (CASE WHEN number < 60 THEN 'done' WHEN number < 64 THEN 'failed' ELSE 'waiting' END)::integrity_checker.slice_state,
         now() + interval '1 hour' FROM generate_series(0, 255) AS number`,
      [id],
    );
    expect(await checks()).toEqual({
      checkedSince: new Date('2026-11-03T10:00:00Z'),
      running: { startedAt: new Date('2026-11-05T10:00:00Z'), share: 0.25 },
    });
    await system.sql.query(
      `UPDATE integrity_checker.slices SET state = CASE WHEN number < 200 THEN 'done'::integrity_checker.slice_state ELSE 'waiting' END, due_at = now()`,
    );
    await system.call(integrityRoutes.startScrub, await system.operator(), {
      body: { scrubId: newId<ScrubId>() },
    });
    for (const end = Date.now() + 30_000; Date.now() < end && (await checks()).running;)
      await new Promise((resolve) => setTimeout(resolve, 100));
    expect(await checks()).toEqual({ checkedSince: new Date('2026-11-05T10:00:00Z'), running: null });
  });

  it('is for the own library, and for members only', async () => {
    const other = await system.person();
    await expect(checks(other.token)).rejects.toMatchObject({ code: 'not-found' });
    await expect(checks(person.token, newId<LibraryId>())).rejects.toMatchObject({ code: 'not-found' });
    await expect(checks(await system.operator())).rejects.toMatchObject({ code: 'forbidden' });
    await expect(
      system.call(integrityRoutes.checks, undefined, { params: { libraryId: person.libraryId } }),
    ).rejects.toMatchObject({ code: 'token-missing' });
  });
});
