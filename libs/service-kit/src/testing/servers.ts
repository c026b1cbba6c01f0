import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../postgres/free-port.ts';

export interface SpawnedServer extends AsyncDisposable {
  readonly port: number;
  stop(signal?: NodeJS.Signals): Promise<void>;
}

/** Starts a server program and waits until it accepts connections. */
export async function spawnServer(
  command: string,
  args: readonly string[],
  port: number,
): Promise<SpawnedServer> {
  const child = spawn(command, args, { stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  child.stderr.on('data', (chunk) => (said = `${said}${String(chunk)}`.slice(-2000)));
  const failed = new Promise<never>((_resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`${command} ended with ${code}: ${said}`)));
  });
  failed.catch(() => undefined);
  await Promise.race([accepts(port), failed]);
  const stop = async (signal: NodeJS.Signals = 'SIGTERM'): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill(signal);
    await once(child, 'exit');
  };
  return { port, stop, [Symbol.asyncDispose]: () => stop('SIGKILL') };
}

async function accepts(port: number): Promise<void> {
  for (const end = performance.now() + 15_000; performance.now() < end; await sleep(50)) {
    const socket = connect(port, '127.0.0.1');
    const open = await Promise.race([
      once(socket, 'connect').then(() => true),
      once(socket, 'error').then(() => false),
    ]).catch(() => false);
    socket.destroy();
    if (open) return;
  }
  throw new Error(`nothing accepts connections on port ${port}`);
}

/** An empty Redis that keeps nothing. */
export async function startRedis(): Promise<SpawnedServer & { url: string }> {
  const port = await freePort();
  const args = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'];
  const server = await spawnServer('redis-server', args, port);
  return { ...server, url: `redis://127.0.0.1:${port}`, [Symbol.asyncDispose]: server[Symbol.asyncDispose] };
}
