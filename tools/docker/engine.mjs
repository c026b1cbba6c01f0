import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** Runs a program to its end and answers what it printed; throws with all of it when the code is not 0. */
export function run(command, args, options = {}) {
  const { status, stdout, stderr, error } = spawnSync(command, args, {
    encoding: 'utf8',
    maxBuffer: 1 << 28,
    ...options,
  });
  if (status === 0) return stdout.trim();
  const words = [command, ...args].join(' ');
  throw new Error(`${words} ended with ${status ?? error?.message}\n${stdout ?? ''}${stderr ?? ''}`);
}

/**
 * A Docker engine of our own, with everything that it keeps below `folder`: the machine's own, if there is one, is left
 * alone. Needs root, and Debian's docker.io.
 *
 * @returns the environment by which `docker` and `docker-compose` reach it, and how to stop it
 */
export async function startEngine(folder) {
  mkdirSync(folder, { recursive: true });
  const socket = `unix://${join(folder, 'docker.sock')}`;
  const log = openSync(join(folder, 'dockerd.log'), 'a');
  const args = [
    '--storage-driver',
    'overlay2',
    '--data-root',
    join(folder, 'data'),
    '--exec-root',
    join(folder, 'exec'),
  ];
  const engine = spawn('dockerd', [...args, '--pidfile', join(folder, 'dockerd.pid'), '-H', socket], {
    stdio: ['ignore', log, log],
    // A Ctrl-C reaches us first, and we stop it in the end.
    detached: true,
  });
  const exited = new Promise((resolve) => engine.once('exit', resolve).once('error', resolve));
  // The plain builder, which Debian's engine brings along.
  const env = { ...process.env, DOCKER_HOST: socket, DOCKER_BUILDKIT: '0', COMPOSE_DOCKER_CLI_BUILD: '0' };
  const stop = async () => {
    engine.kill('SIGTERM');
    await exited;
  };
  for (let tries = 0; tries < 120; tries += 1) {
    if (engine.exitCode !== null || engine.pid === undefined) break;
    if (spawnSync('docker', ['version'], { env }).status === 0) return { env, stop };
    await sleep(500);
  }
  await stop();
  throw new Error(`The Docker engine did not start; its log is ${join(folder, 'dockerd.log')}`);
}
