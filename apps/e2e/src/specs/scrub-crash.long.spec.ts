import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { objectFile } from '@heirloom/blob-store';
import {
  AppError,
  integrityRoutes,
  newId,
  problem,
  type ObjectName,
  type RouteContract,
  type RouteInput,
  type RouteOutput,
  type Scrub,
  type ScrubId,
} from '@heirloom/contracts';
import pg from 'pg';
import { z } from 'zod';
import { CliDevice } from '../cli/cli.ts';
import { mintToken } from '../refusals/tokens.ts';
import { filesBelow, makeSeededFile, sha256File } from '../samples/samples.ts';
import { boot, topologies, type Scene } from '../system/boot.ts';
import { objectsOf } from '../system/objects.ts';
import { eventually } from '../system/processes.ts';

const minute = 60_000;
const MiB = 2 ** 20;
const files = 14;
const fileBytes = 8 * MiB;
const noFindings = { open: 0, repairing: 0, repaired: 0, unrepairable: 0, reported: 0, gone: 0 };

/** kill -9 while copies are read, and while bad ones are replaced. */
describe.each(topologies)('scrub and repair (%s)', (topology) => {
  let scene: Scene;
  let sql: pg.Client | undefined;
  let token: string;
  let names: ObjectName[];

  beforeAll(async () => {
    const env = { HEIRLOOM_INTEGRITY_CHECKER_SCRUB_BYTES_PER_SECOND: String(12 * MiB) };
    scene = await boot(topology, { env });
    const { system, folder } = scene;
    const profile = path.join(folder, 'laptop/profile');
    const device = new CliDevice(profile, system.address, 'correct horse battery');
    await device.signUp('Ada', 'ada@example.org');
    const films = path.join(folder, 'films');
    await mkdir(films);
    for (let i = 0; i < files; i += 1)
      await makeSeededFile(path.join(films, `${i}.mov`), fileBytes, `film ${i}`);
    await device.ok('backup', films);
    await eventually('three copies of everything', async () =>
      (await objectsOf(system)).byLocation.every((all) => all.length === files),
    );
    names = (await objectsOf(system)).names as ObjectName[];
  }, 4 * minute);
  afterAll(async () => {
    await sql?.end().catch(() => undefined);
    await scene?.[Symbol.asyncDispose]();
  }, minute);
  beforeEach(() => connect(), minute);

  /** Also after a crash, since home takes its database along. */
  async function connect(): Promise<void> {
    await sql?.end().catch(() => undefined);
    sql = new pg.Client({ connectionString: await scene.system.databaseUrl() });
    sql.on('error', () => undefined);
    await sql.connect();
    const seed = await scene.system.tokenKey();
    token = await mintToken(seed, { accountId: newId(), deviceId: newId(), role: 'operator' });
  }
  const count = async (from: string, ...values: unknown[]): Promise<number> => {
    const { rows } = await sql!.query<{ n: number }>(`SELECT count(*)::int AS n FROM ${from}`, values);
    return rows[0]!.n;
  };
  const call = async <R extends RouteContract>(
    route: R,
    input: Partial<RouteInput<R>>,
  ): Promise<RouteOutput<R>> => {
    const params = (input.params ?? {}) as Record<string, string>;
    const target = route.path.replace(/:(\w+)/g, (_all, name: string) => params[name]!);
    const response = await fetch(new URL(target, scene.system.address), {
      method: route.method,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      ...(input.body === undefined ? {} : { body: JSON.stringify(input.body) }),
    });
    const answer: unknown = await response.json();
    if (!response.ok) throw AppError.fromProblem(problem.parse(answer));
    return z.decode(route.output, answer as never) as RouteOutput<R>;
  };
  const start = () => call(integrityRoutes.startScrub, { body: { scrubId: newId<ScrubId>() } });
  const read = (scrubId: ScrubId) => call(integrityRoutes.scrub, { params: { scrubId } });
  const ended = async (scrubId: ScrubId): Promise<Scrub> => {
    let scrub: Scrub | undefined;
    const isOver = async () => {
      scrub = await read(scrubId);
      return scrub.state !== 'running' && scrub.findings.open + scrub.findings.repairing === 0;
    };
    await eventually('the end of the scrub and its repairs', isOver, 4 * minute);
    return scrub!;
  };
  /** The hash of every file that is no upload in progress, by its path. */
  const everything = async (): Promise<Record<string, string>> => {
    const found: Record<string, string> = {};
    for (const { id, path: root } of scene.system.locations)
      for (const file of await filesBelow(root))
        if (!file.startsWith('tmp/')) found[`${id}/${file}`] = await sha256File(path.join(root, file));
    return found;
  };

  it(
    'goes on with a scrub after kill -9, reads at most one slice again, and touches nothing',
    async () => {
      const { system } = scene;
      const service = 'integrity-checker';
      const before = await everything();
      const readBefore = await system.readBytes(service);
      const { scrubId } = await start();
      await eventually('a part of the scrub', async () => (await read(scrubId)).copies >= files);
      const done = await count(`integrity_checker.slices WHERE state = 'done'`);
      const readUntilKill = (await system.readBytes(service)) - readBefore;
      await system.crash(service);
      await system.start();
      await connect();
      const readAtStart = await system.readBytes(service);
      expect(await count(`integrity_checker.slices WHERE state = 'done'`)).toBeGreaterThanOrEqual(done);
      expect((await read(scrubId)).state).toBe('running');
      const memoryBefore = await system.peakBytes(service);

      const scrub = await ended(scrubId);
      expect(scrub).toMatchObject({ state: 'complete', slices: 768, slicesDone: 768, copies: 3 * files });
      expect(scrub.findings).toEqual(noFindings);
      expect(await everything()).toEqual(before);
      expect((await system.peakBytes(service)) - memoryBefore).toBeLessThan(200 * MiB);
      if (topology !== 'cluster') return;
      // A process of its own: what it has read is the copies, and the answers of database, messages and jobs.
      const reading = readUntilKill + (await system.readBytes(service)) - readAtStart;
      const largestSlice = Math.max(...slicesOf(names).map((all) => all.length)) * (fileBytes + MiB);
      expect(scrub.bytesRead).toBeGreaterThan(3 * files * fileBytes);
      expect(reading).toBeGreaterThan(scrub.bytesRead);
      expect(reading - scrub.bytesRead).toBeLessThan(largestSlice + 15 * MiB);
    },
    6 * minute,
  );

  it(
    'goes on with repairs after kill -9, and loses no bytes, good or bad',
    async () => {
      const { system } = scene;
      const { id, path: root } = system.locations[0]!;
      const bad = new Map<string, string>();
      for (const name of names) {
        const file = path.join(root, objectFile(name));
        const bytes = await readFile(file);
        bytes[1_000_000]! ^= 1;
        await rm(file);
        await writeFile(file, bytes);
        bad.set(name, await sha256File(file));
      }
      const before = await everything();
      // Told to vault all at once, so that many repairs are under way.
      await sql!.query(`UPDATE vault.replicas SET state = 'damaged', due_at = now() WHERE location_id = $1`, [
        id,
      ]);
      const repaired = `vault.replicas WHERE state = 'present' AND location_id = $1`;
      await eventually('the first repair', async () => (await count(repaired, id)) > 0, minute);
      await sleep(40);
      await system.crash('vault');
      await system.start();
      await connect();
      expect(await count(repaired, id)).toBeLessThan(files);
      const isWhole = async () => (await count(`vault.replicas WHERE state <> 'present'`)) === 0;
      await eventually('the repair of all', isWhole, 3 * minute);

      const after = await everything();
      const quarantine = Object.entries(after).filter(([file]) => file.startsWith(`${id}/quarantine/`));
      for (const [name, hash] of bad) {
        expect(after[`${id}/${objectFile(name as ObjectName)}`]).toBe(name);
        const own = quarantine.filter(([file]) => path.basename(file).startsWith(name));
        const kept = own.map(([, one]) => one);
        expect(kept).toContain(hash);
        expect(kept.filter((one) => one !== hash && one !== name)).toEqual([]);
      }
      const others = (all: Record<string, string>) =>
        Object.entries(all).filter(
          ([file]) => !/\/(objects|quarantine)\//.test(file) || !file.startsWith(id),
        );
      expect(others(after)).toEqual(others(before));
      await objectsOf(system);
      const scrub = await ended((await start()).scrubId);
      expect(scrub).toMatchObject({ state: 'complete', copies: 3 * files, findings: noFindings });
    },
    8 * minute,
  );
});

/** Names that lie in one slice of a location. */
const slicesOf = (all: readonly string[]): string[][] => [
  ...Map.groupBy(all, (name) => name.slice(0, 2)).values(),
];
