import { mkdir, mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { CliDevice } from '../cli/cli.ts';
import { filesBelow, makeSeededFile, sha256File } from '../samples/samples.ts';
import { bootCluster, type ClusterSystem } from '../system/cluster-system.ts';
import { eventually } from '../system/processes.ts';

const minute = 60_000;
const MiB = 2 ** 20;
const password = 'correct horse battery';

/** Two processes of each service behind a real nginx, as two pods of each are behind an ingress. */
describe('two of each service', () => {
  let folder: string;
  let system: ClusterSystem;
  let laptop: CliDevice;

  beforeAll(async () => {
    folder = await mkdtemp('/tmp/heirloom-two-');
    system = await bootCluster(folder, { instances: 2 });
    laptop = new CliDevice(path.join(folder, 'laptop/profile'), system.address, password);
    await laptop.signUp('Ada', 'ada@example.org');
  }, 4 * minute);
  afterAll(async () => {
    await system?.[Symbol.asyncDispose]();
    await rm(folder, { recursive: true, force: true });
  }, minute);

  /** The most that a location has staged of an upload, in bytes. */
  const stagedBytes = async (): Promise<number> => {
    const sizes = system.locations.map(async ({ path: root }) => {
      const files = await filesBelow(path.join(root, 'tmp')).catch(() => []);
      return Promise.all(
        files.map((file) =>
          stat(path.join(root, 'tmp', file)).then(
            ({ size }) => size,
            () => 0,
          ),
        ),
      );
    });
    return Math.max(0, ...(await Promise.all(sizes)).flat());
  };

  it(
    'share an upload: cut in its middle at one vault, it goes on at the other',
    async () => {
      const films = path.join(folder, 'films');
      await mkdir(films);
      const film = path.join(films, 'wedding.mov');
      const sizeBytes = 256 * MiB;
      await makeSeededFile(film, sizeBytes, 'wedding');
      const before = await system.passedRequests();
      const backup = laptop.start('backup', films);
      await eventually('the upload being on its way', async () => (await stagedBytes()) > 16 * MiB, minute);
      const busy = await busiest();
      await busy.crash();
      const stagedAtCut = await stagedBytes();
      const result = await backup.result;
      expect({ code: result.code, said: result.code === 0 ? '' : result.stderr }).toEqual({
        code: 0,
        said: '',
      });
      expect(stagedAtCut).toBeGreaterThan(0);
      expect(stagedAtCut).toBeLessThan(sizeBytes);
      const patches = (await system.passedRequests())
        .slice(before.length)
        .filter(({ method }) => method === 'PATCH');
      const other = system.members.vault.find((member) => member !== busy)!;
      const continued = patches.filter(({ ports, status }) => ports.at(-1) === other.port && status === 204);
      // What was staged at the first vault was not sent again.
      const sentAgain = continued.reduce((sum, { requestBytes }) => sum + requestBytes, 0);
      expect(sentAgain).toBeGreaterThan(0);
      expect(sentAgain).toBeLessThan(sizeBytes - 8 * MiB);
      process.stderr.write(
        `cut at ${Math.round(stagedAtCut / MiB)} of ${sizeBytes / MiB} MiB; the other vault took ${Math.round(sentAgain / MiB)} MiB more\n`,
      );
      await system.start();
      const restored = path.join(folder, 'restored');
      await laptop.ok('get', '--all', '--to', restored);
      expect(await sha256File(path.join(restored, 'wedding.mov'))).toBe(await sha256File(film));
    },
    6 * minute,
  );

  /** The vault that the open request is at: the one that has read most since it started. */
  async function busiest() {
    const read = await Promise.all(
      system.members.vault.map(async (member) => ({
        member,
        bytes: await bytesReadBy(member.child!.process.pid!),
      })),
    );
    return read.toSorted((a, b) => b.bytes - a.bytes)[0]!.member;
  }
});

async function bytesReadBy(pid: number): Promise<number> {
  return Number(/^rchar: (\d+)$/m.exec(await readFile(`/proc/${pid}/io`, 'utf8'))?.[1]);
}
