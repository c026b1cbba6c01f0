import { createHash, randomBytes } from 'node:crypto';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  integrityRoutes,
  newId,
  vaultRoutes,
  type Finding,
  type Scrub,
  type ScrubId,
} from '@heirloom/contracts';
import { startRedis } from '@heirloom/service-kit/testing';
import { Redis } from 'ioredis';
import { overwrite, TestSystem, type StoredVersion, type TestPerson } from '../system.spec-helper.ts';

const graceSeconds = 3;

/** The suite of scrubs on real Postgres and real directories, with jobs kept in either store. */
export const describeScrubs = (jobs: 'postgres' | 'redis'): void =>
  describe(`scrubs with jobs kept in ${jobs}`, () => {
    let system: TestSystem;
    let operator: string;
    let person: TestPerson;
    let redisUrl: string;
    const stack = new AsyncDisposableStack();
    beforeAll(async () => {
      if (jobs === 'redis') redisUrl = stack.use(await startRedis()).url;
      system = await TestSystem.start({
        HEIRLOOM_INTEGRITY_CHECKER_UNKNOWN_GRACE_SECONDS: String(graceSeconds),
        ...(jobs === 'redis' ? { HEIRLOOM_JOBS: 'redis', HEIRLOOM_REDIS_URL: redisUrl } : {}),
      });
      [operator, person] = [await system.operator(), await system.person()];
    });
    afterAll(async () => {
      await system?.[Symbol.asyncDispose]();
      await stack.disposeAsync();
    });

    async function until<T>(what: () => Promise<T | undefined | false>, withinMs = 45_000): Promise<T> {
      for (const end = performance.now() + withinMs; performance.now() < end; await sleep(50)) {
        const found = await what();
        if (found !== undefined && found !== false) return found as T;
      }
      throw new Error('it did not happen in time');
    }
    const read = (scrubId: ScrubId) => system.call(integrityRoutes.scrub, operator, { params: { scrubId } });
    const start = (scrubId = newId<ScrubId>()) =>
      system.call(integrityRoutes.startScrub, operator, { body: { scrubId } });
    const findingsOf = async (scrubId: ScrubId): Promise<Finding[]> =>
      (await system.call(integrityRoutes.findings, operator, { query: { scrubId, limit: 100 } })).findings;
    /** Waits until a scrub has ended and nothing that it found is still on its way. */
    const ended = (scrubId: ScrubId): Promise<Scrub> =>
      until(async () => {
        const scrub = await read(scrubId);
        const { open, repairing } = scrub.findings;
        return scrub.state !== 'running' && open + repairing === 0 && scrub;
      });
    /** What a scrub and what it found have left for the audit trail, from a moment on. */
    const recordedSince = async (from: Date): Promise<string[]> => {
      const { rows } = await system.sql.query<{
        act: { kind: string; details: Record<string, string | number> };
      }>(
        `SELECT act FROM integrity_checker.audit_acts WHERE at >= $1 AND act->>'kind' ~ '^(scrub|finding)' ORDER BY seq`,
        [from],
      );
      return rows.map(({ act: { kind, details } }) =>
        [
          kind,
          details['kind'] ?? details['state'] ?? details['cause'],
          details['locationId'],
          details['copies'],
        ]
          .filter((part) => part !== undefined)
          .join(' '),
      );
    };
    const scrub = async (): Promise<Scrub> => ended((await start()).scrubId);
    const store = (count: number, size = 20_000) =>
      Promise.all(Array.from({ length: count }, () => system.store(person, size)));
    const flip = async (path: string) => {
      const bytes = await readFile(path);
      bytes[1234]! ^= 2;
      await overwrite(path, bytes);
    };
    const stranger = async (name = createHash('sha256').update(randomBytes(8)).digest('hex')) => {
      const path = join('objects', name.slice(0, 2), name.slice(2, 4), name);
      await mkdir(dirname(join(system.place('c'), path)), { recursive: true });
      await writeFile(join(system.place('c'), path), 'nobody knows me');
      return { name, path, inPlace: join(system.place('c'), path) };
    };
    /** Nothing is left over for the next test. */
    const forgetFindings = () => system.sql.query('DELETE FROM integrity_checker.findings');

    it('find nothing where nothing is wrong, read every copy, and touch nothing', async () => {
      await store(10);
      const before = await system.files();
      const done = await scrub();
      expect(done).toMatchObject({
        state: 'complete',
        cause: 'operator',
        slices: 768,
        slicesDone: 768,
        slicesFailed: 0,
      });
      expect(done).toMatchObject({ copies: 30, bytesRead: 30 * 20_000 });
      expect(Object.values(done.findings).reduce((sum, count) => sum + count)).toBe(0);
      expect(await system.files()).toEqual(before);
      expect((await system.sql.query('SELECT 1 FROM integrity_checker.slices')).rowCount).toBe(0);
    });

    it('find the flipped byte, the deleted, the short and the strange file and no more, and repair the three', async () => {
      const [flipped, deleted, short] = (await store(12)) as [StoredVersion, StoredVersion, StoredVersion];
      await flip(system.file('a', flipped));
      await rm(system.file('b', deleted));
      await overwrite(system.file('c', short), (await readFile(system.file('c', short))).subarray(0, 100));
      const odd = join(system.place('a'), 'objects/ab/holiday.txt');
      await mkdir(dirname(odd), { recursive: true });
      await writeFile(odd, 'a stranger');
      const damaged = await system.files();

      const begunAt = new Date();
      const done = await scrub();
      expect(done.state).toBe('complete');
      expect(done.findings).toEqual({
        open: 0,
        repairing: 0,
        repaired: 3,
        unrepairable: 0,
        reported: 1,
        gone: 0,
      });
      const found = await findingsOf(done.scrubId);
      const seen = found.map(({ kind, state, locationId, object, path }) => [
        kind,
        state,
        locationId,
        object ?? path,
      ]);
      expect(seen.toSorted()).toEqual(
        [
          ['damaged', 'repaired', 'a', flipped.object],
          ['missing', 'repaired', 'b', deleted.object],
          ['short', 'repaired', 'c', short.object],
          ['unknown', 'reported', 'a', 'ab/holiday.txt'],
        ].toSorted(),
      );

      expect((await recordedSince(begunAt)).toSorted()).toEqual([
        'finding-opened damaged a 1',
        'finding-opened missing b 1',
        'finding-opened short c 1',
        'finding-repaired damaged a 1',
        'finding-repaired missing b 1',
        'finding-repaired short c 1',
        `scrub-finished complete ${done.copies}`,
        'scrub-started operator',
      ]);

      // Three copies are good again, two bad ones lie in quarantine, and nothing else has changed.
      const after = await system.files();
      const inQuarantine = Object.entries(after).filter(([path]) => path.includes('/quarantine/'));
      expect(
        inQuarantine.map(([path, hash]) => [path.slice(0, 'a/quarantine/'.length + 64), hash]).toSorted(),
      ).toEqual(
        [
          [`a/quarantine/${flipped.object}`, damaged[`a/${inObjects(flipped)}`]],
          [`c/quarantine/${short.object}`, damaged[`c/${inObjects(short)}`]],
        ].toSorted(),
      );
      const expected = { ...damaged };
      expected[`a/${inObjects(flipped)}`] = flipped.object;
      expected[`b/${inObjects(deleted)}`] = deleted.object;
      expected[`c/${inObjects(short)}`] = short.object;
      expect({ ...after, ...expected }).toEqual({ ...expected, ...Object.fromEntries(inQuarantine) });
      expect(Object.keys(after)).toHaveLength(Object.keys(expected).length + 2);

      // Another one finds nothing new, and that the strange file is gone when it is.
      const again = await scrub();
      expect(again.findings).toMatchObject({ repaired: 0, reported: 1 });
      await rm(odd);
      await scrub();
      const [last] = (await findingsOf(again.scrubId)).filter(({ kind }) => kind === 'unknown');
      expect(last).toMatchObject({ state: 'gone', path: 'ab/holiday.txt' });
      await forgetFindings();
    });

    it('raise the alarm and change nothing when every copy of an object is bad', async () => {
      const [lost] = (await store(3)) as [StoredVersion];
      await flip(system.file('a', lost));
      await flip(system.file('b', lost));
      await overwrite(system.file('c', lost), (await readFile(system.file('c', lost))).subarray(0, 10));
      const before = await system.files();
      const begunAt = new Date();
      const done = await scrub();
      const alarms = (await recordedSince(begunAt)).filter((act) => act.startsWith('finding-unrepairable'));
      expect(alarms.map((act) => act.split(' ')[2]).toSorted()).toEqual(['a', 'b', 'c']);
      expect(done.findings).toMatchObject({ unrepairable: 3, repaired: 0, open: 0, repairing: 0 });
      expect((await findingsOf(done.scrubId)).every(({ object }) => object === lost.object)).toBe(true);
      expect(await system.files()).toEqual(before);
      const { rows } = await system.sql.query('SELECT state FROM vault.replicas WHERE object_name = $1', [
        lost.object,
      ]);
      expect(rows.map(({ state }: { state: string }) => state)).toEqual(['damaged', 'damaged', 'damaged']);
      const { locations } = await system.call(vaultRoutes.locations, operator);
      expect(locations.map(({ copies }) => copies.damaged)).toEqual([1, 1, 1]);
      for (const table of ['versions', 'replicas'])
        await system.sql.query(`DELETE FROM vault.${table} WHERE object_name = $1`, [lost.object]);
      for (const id of ['a', 'b', 'c'] as const) await rm(system.file(id, lost));
      await forgetFindings();
    });

    it('report an object that nobody knows when it is old enough, and not one that is being stored', async () => {
      const [kept, stored] = [await stranger(), await stranger()];
      const done = await start();
      await until(async () => {
        const { rowCount } = await system.sql.query(
          `SELECT 1 FROM integrity_checker.findings WHERE state = 'suspected'`,
        );
        return rowCount === 2;
      });
      expect(await findingsOf(done.scrubId)).toEqual([]);
      // Its commit has come through meanwhile.
      await system.catalogue(person, stored.name as never, 15);
      const [finding, ...more] = await until(async () => {
        const found = await findingsOf(done.scrubId);
        return found.length > 0 && found;
      });
      expect(more).toEqual([]);
      expect(finding).toMatchObject({
        kind: 'unknown',
        state: 'reported',
        object: kept.name,
        locationId: 'c',
      });
      expect(finding!.changedAt.getTime() - done.startedAt.getTime()).toBeGreaterThanOrEqual(
        graceSeconds * 1000,
      );
      expect(await readFile(kept.inPlace, 'utf8')).toBe('nobody knows me');
      await rm(kept.inPlace);
      for (const table of ['versions', 'replicas'])
        await system.sql.query(`DELETE FROM vault.${table} WHERE object_name = $1`, [stored.name]);
      await rm(stored.inPlace);
      await forgetFindings();
    });

    it('are begun once: while one runs, the same one is answered', async () => {
      const id = newId<ScrubId>();
      const [first, ...others] = await Promise.all([start(id), start(id), start(), start()]);
      expect(new Set(others.map(({ scrubId }) => scrubId))).toEqual(new Set([first!.scrubId]));
      await ended(first!.scrubId);
      expect((await start(first!.scrubId)).state).toBe('complete');
      const { scrubs } = await system.call(integrityRoutes.scrubs, operator, { query: { limit: 2 } });
      expect(scrubs).toHaveLength(2);
      expect(scrubs[0]!.scrubId).toBe(first!.scrubId);
    });

    it('go on in a slice behind what was read, page by page', async () => {
      const names = await manyInOneSlice(450);
      const scrubId = newId<ScrubId>();
      await system.sql.query(
        `INSERT INTO integrity_checker.scrubs (id, cause, running) VALUES ($1, 'operator', 1)`,
        [scrubId],
      );
      await system.sql.query(
        `INSERT INTO integrity_checker.slices (scrub_id, location_id, number, after, copies)
       VALUES ($1, 'a', 0, $2, 20)`,
        [scrubId, names[19]],
      );
      // The damage before the place where it goes on is not seen, the one behind it is.
      for (const name of [names[3]!, names[444]!]) await flip(join(system.place('a'), pathOf(name)));
      // Other photos of these tests may have names in the same slice.
      const { rows } = await system.sql.query<{ behind: number }>(
        `SELECT count(*)::int AS behind FROM vault.replicas
       WHERE location_id = 'a' AND object_name LIKE '00%' AND object_name > $1`,
        [names[19]],
      );
      await start();
      expect(await ended(scrubId)).toMatchObject({
        state: 'complete',
        slices: 1,
        copies: 20 + rows[0]!.behind,
      });
      expect((await findingsOf(scrubId)).map(({ object }) => object)).toEqual([names[444]]);
      await system.sql.query('DELETE FROM vault.replicas WHERE object_name = ANY($1)', [names]);
      for (const name of names) await rm(join(system.place('a'), pathOf(name)));
      await forgetFindings();
    });

    /** Objects whose names begin with 00, in location a alone. */
    async function manyInOneSlice(count: number): Promise<string[]> {
      const found: string[] = [];
      for (let i = 0; found.length < count; i++) {
        const bytes = Buffer.from(`${'small '.repeat(300)}${i}`);
        const name = createHash('sha256').update(bytes).digest('hex');
        if (!name.startsWith('00')) continue;
        found.push(name);
        await mkdir(dirname(join(system.place('a'), pathOf(name))), { recursive: true });
        await writeFile(join(system.place('a'), pathOf(name)), bytes);
        await system.sql.query('INSERT INTO vault.objects (name, size_bytes) VALUES ($1, $2)', [
          name,
          bytes.length,
        ]);
        await system.sql.query(
          `INSERT INTO vault.replicas (object_name, location_id, state) VALUES ($1, 'a', 'present')`,
          [name],
        );
      }
      return found.sort();
    }

    it('are found by their rows when the job store has lost everything', async () => {
      await wipe();
      const scrubId = newId<ScrubId>();
      await system.sql.query(
        `INSERT INTO integrity_checker.scrubs (id, cause, running) VALUES ($1, 'operator', 1)`,
        [scrubId],
      );
      // A process was killed while it read the first, and nobody else knows of them.
      await system.sql.query(
        `INSERT INTO integrity_checker.slices (scrub_id, location_id, number, lease_id, due_at, attempts)
       SELECT $1, location, number, CASE WHEN number = 0 THEN $2::uuid END,
         now() + CASE WHEN number = 0 THEN interval '3 seconds' ELSE interval '0' END, 1
       FROM unnest(ARRAY['a', 'b', 'c']) AS location, generate_series(0, 255) AS number`,
        [scrubId, newId()],
      );
      expect(await ended(scrubId)).toMatchObject({ state: 'complete', slicesDone: 768 });
    });

    async function wipe(): Promise<void> {
      if (jobs === 'redis') {
        const client = new Redis(redisUrl);
        await client.flushall();
        client.disconnect();
        return;
      }
      const { rows } = await system.sql.query<{ name: string }>(
        `SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables
       WHERE schemaname = 'bullmq' AND tablename NOT LIKE '%migration%'`,
      );
      await system.sql.query(`TRUNCATE ${rows.map(({ name }) => name).join(', ')}`);
    }

    it('do not blame copies for a location that is away, and end as partial', async () => {
      await store(2);
      const [there, away] = [system.place('b'), `${system.place('b')}-away`];
      await rename(there, away);
      await mkdir(there);
      try {
        const { scrubId } = await start();
        // Attempts lie further and further apart; here they are called in at once.
        const done = await until(async () => {
          await system.sql.query(
            `UPDATE integrity_checker.slices SET due_at = now(), attempts = greatest(attempts, 5)
           WHERE state = 'waiting' AND lease_id IS NULL AND location_id = 'b'`,
          );
          await start();
          const now = await read(scrubId);
          return now.state !== 'running' && now;
        });
        expect(done).toMatchObject({ state: 'partial', slices: 768, slicesFailed: 256, slicesDone: 512 });
        expect(await findingsOf(scrubId)).toEqual([]);
      } finally {
        await rm(there, { recursive: true });
        await rename(away, there);
      }
      expect((await scrub()).state).toBe('complete');
    });

    it('are for operators only', async () => {
      const inputs = [
        [integrityRoutes.startScrub, { body: { scrubId: newId<ScrubId>() } }],
        [integrityRoutes.scrubs, { query: { limit: 1 } }],
        [integrityRoutes.scrub, { params: { scrubId: newId<ScrubId>() } }],
        [integrityRoutes.findings, { query: { limit: 1 } }],
      ] as const;
      for (const [route, input] of inputs) {
        await expect(system.call(route, person.token, input as never)).rejects.toMatchObject({
          code: 'forbidden',
        });
        await expect(system.call(route, undefined, input as never)).rejects.toMatchObject({
          code: 'token-missing',
        });
      }
      const verify = { body: { libraryId: person.libraryId, limit: 1 } };
      await expect(system.call(integrityRoutes.verify, operator, verify)).rejects.toMatchObject({
        code: 'forbidden',
      });
      await expect(read(newId<ScrubId>())).rejects.toMatchObject({ code: 'not-found' });
    });
  });

const pathOf = (name: string) => `objects/${name.slice(0, 2)}/${name.slice(2, 4)}/${name}`;
const inObjects = ({ object }: StoredVersion) => pathOf(object);
