import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** Stops the run's Postgres, if a spec started one, and removes the run's folder. */
export default async function globalTeardown() {
  const runDir = process.env.HEIRLOOM_TEST_RUN_DIR;
  if (!runDir) return;
  const pid = await postmasterPid(join(runDir, 'postgres', 'postmaster.pid'));
  if (pid !== undefined) await stop(pid);
  await rm(runDir, { recursive: true, force: true });
}

/** @returns {Promise<number | undefined>} the first line of postmaster.pid, undefined where there is no such file. */
async function postmasterPid(path) {
  const text = await readFile(path, 'utf8').catch(() => '');
  const pid = Number.parseInt(text, 10);
  return Number.isInteger(pid) && pid > 1 ? pid : undefined;
}

/** SIGQUIT ends Postgres at once without a checkpoint: the data is thrown away anyway. */
async function stop(pid) {
  if (!signal(pid, 'SIGQUIT')) return;
  for (let waitedMs = 0; waitedMs < 10_000; waitedMs += 20) {
    await sleep(20);
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
