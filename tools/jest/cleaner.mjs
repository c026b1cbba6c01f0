/**
 * Waits for the end of a test run, however it ends (its stdin is the run's: a kill closes it too), then stops the
 * Postgres of each of its workers and removes its folder.
 */
import { glob, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const STOP_TIMEOUT_MS = 10_000;
const POLL_MS = 20;

const runDir = process.argv[2] ?? '';
process.stdin.resume();
process.stdin.once('close', async () => {
  const pids = await Array.fromAsync(glob('postgres-*/postmaster.pid', { cwd: runDir }), postmasterOf);
  await Promise.all(pids.filter((pid) => pid > 1).map(stop));
  await rm(runDir, { recursive: true, force: true, maxRetries: 3 });
});

/** @returns {Promise<number>} 0 where its file cannot be read any more */
async function postmasterOf(file) {
  return Number.parseInt(await readFile(join(runDir, file), 'utf8').catch(() => '0'), 10) || 0;
}

/** SIGQUIT ends Postgres at once without a checkpoint: the data is thrown away anyway. */
async function stop(pid) {
  if (!signal(pid, 'SIGQUIT')) return;
  for (let waitedMs = 0; waitedMs < STOP_TIMEOUT_MS; waitedMs += POLL_MS) {
    await sleep(POLL_MS);
    if (!signal(pid, 0)) return;
  }
  signal(pid, 'SIGKILL');
}

/** @returns {boolean} whether the process was there. */
function signal(pid, name) {
  try {
    return process.kill(pid, name);
  } catch {
    return false;
  }
}
