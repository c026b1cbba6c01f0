import { readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { kill, pid as ownPid } from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';

/** A clean stop writes a checkpoint, which takes a while on a slow disk. */
const STOP_TIMEOUT_MS = 120_000;
const POLL_MS = 50;

/**
 * Notes which process runs the Postgres of a data folder, so that a later start can tell a Postgres that is in use
 * from one whose starter was killed.
 */
export async function recordOwner(dataDir: string): Promise<void> {
  await writeFile(ownerFile(dataDir), JSON.stringify({ pid: ownPid, startedAt: await startTime(ownPid) }));
}

export async function forgetOwner(dataDir: string): Promise<void> {
  await rm(ownerFile(dataDir), { force: true });
}

/**
 * Makes a data folder free to start on. A Postgres that a killed process has left behind is stopped, cleanly; a
 * `postmaster.pid` that names a process which is no Postgres of this folder is removed. No other process is touched.
 *
 * @throws Error when a living process uses the folder
 */
export async function clearOrphan(dataDir: string, log: (message: string) => void): Promise<void> {
  const file = join(dataDir, 'postmaster.pid');
  const pid = Number.parseInt(await readFile(file, 'utf8').catch(() => ''), 10);
  if (!Number.isInteger(pid) || pid <= 1 || !isAlive(pid)) return; // Postgres itself removes a dead one's file
  if (!(await isPostgresOf(pid, dataDir))) {
    log(`removing a stale postmaster.pid: process ${pid} is not this folder's Postgres`);
    await rm(file);
    return;
  }
  const owner = await livingOwner(dataDir);
  if (owner !== undefined) throw new Error(`${dataDir} is in use by process ${owner}. Stop that one first.`);
  log(`stopping the Postgres (process ${pid}) that was left behind when its starter was killed`);
  kill(pid, 'SIGINT');
  if (!(await gone(pid, STOP_TIMEOUT_MS))) {
    throw new Error(`Postgres (process ${pid}) on ${dataDir} does not stop. Stop it, then start again.`);
  }
}

/** @returns whether the process has ended within the time. */
export async function gone(pid: number, timeoutMs: number): Promise<boolean> {
  for (const end = performance.now() + timeoutMs; performance.now() < end; await sleep(POLL_MS)) {
    if (!isAlive(pid)) return true;
  }
  return false;
}

function isAlive(pid: number): boolean {
  try {
    return kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Postgres' command line is `postgres -D <folder> ...`, and it works in that folder. */
async function isPostgresOf(pid: number, dataDir: string): Promise<boolean> {
  const args = (await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')).split('\0');
  const folder = args[args.indexOf('-D') + 1];
  if (basename(args[0] ?? '') !== 'postgres' || folder === undefined) return false;
  const [theirs, ours] = await Promise.all([realpath(folder).catch(() => folder), realpath(dataDir)]);
  return theirs === ours;
}

async function livingOwner(dataDir: string): Promise<number | undefined> {
  const text = await readFile(ownerFile(dataDir), 'utf8').catch(() => '{}');
  const owner = JSON.parse(text) as { pid?: number; startedAt?: string };
  if (owner.pid === undefined || owner.startedAt === undefined) return undefined;
  return (await startTime(owner.pid)) === owner.startedAt ? owner.pid : undefined;
}

/**
 * @returns what tells a process from a later one with the same id: field 22 of proc(5)'s `stat`, in clock ticks since
 *   boot, with the boot's own id; undefined for no such process
 */
async function startTime(pid: number): Promise<string | undefined> {
  const [stat, boot] = await Promise.all(
    [`/proc/${pid}/stat`, '/proc/sys/kernel/random/boot_id'].map((path) =>
      readFile(path, 'utf8').catch(() => ''),
    ),
  );
  // The second field, the name in brackets, may hold spaces: count from its end.
  const ticks = stat?.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
  return ticks && `${boot?.trim()}/${ticks}`;
}

function ownerFile(dataDir: string): string {
  return `${dataDir}.owner.json`;
}
