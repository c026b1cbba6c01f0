import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import net from 'node:net';
import path from 'node:path';
import { promisify } from 'node:util';
import { allMessages, type ServiceName } from '@heirloom/contracts';
import { renderNatsConfig, type NatsLogin } from '@heirloom/service-kit';
import { freePort } from '@heirloom/service-kit/testing';
import { Child, eventually } from './processes.ts';

type NatsLogins = Readonly<Record<ServiceName, string | readonly NatsLogin[]>>;

/** A real nats-server with the users that contracts ask for. */
export interface Nats {
  readonly url: string;
  /** Lets these in from now on, and nobody else. */
  admit(logins: NatsLogins): Promise<void>;
}

/** A real redis-server with one user, who may have several passwords. */
export interface Redis {
  /** Of the start. */
  readonly password: string;
  urlWith(password: string): string;
  /** Runs a command as the user with this password. */
  command(password: string, ...words: string[]): Promise<string>;
}

export async function startNats(
  stack: AsyncDisposableStack,
  folder: string,
  logins: NatsLogins,
): Promise<Nats> {
  const port = await freePort();
  const file = path.join(folder, 'nats.conf');
  const write = (all: NatsLogins) =>
    writeFile(file, renderNatsConfig(allMessages, all, `127.0.0.1:${port}`), { mode: 0o600 });
  await write(logins);
  const child = stack.use(
    new Child('nats-server', 'nats-server', ['-c', file], { logFile: path.join(folder, 'nats.log') }),
  );
  await eventually('nats-server listening', () => listens(port));
  return {
    url: `nats://127.0.0.1:${port}`,
    admit: async (all) => {
      await write(all);
      child.process.kill('SIGHUP');
    },
  };
}

export async function startRedis(stack: AsyncDisposableStack, folder: string): Promise<Redis> {
  const port = await freePort();
  const password = randomBytes(32).toString('base64url');
  const redisFolder = path.join(folder, 'redis');
  await mkdir(redisFolder, { recursive: true });
  const file = path.join(redisFolder, 'redis.conf');
  const settings = [
    `port ${port}`,
    'bind 127.0.0.1',
    `dir ${redisFolder}`,
    'save ""',
    'appendonly no',
    'maxmemory-policy noeviction',
    `requirepass ${password}`,
  ];
  await writeFile(file, `${settings.join('\n')}\n`, { mode: 0o600 });
  const logFile = path.join(folder, 'redis.log');
  stack.use(new Child('redis-server', 'redis-server', [file], { logFile }));
  await eventually('redis-server listening', () => listens(port));
  return {
    password,
    urlWith: (word) => `redis://:${word}@127.0.0.1:${port}`,
    command: async (word, ...words) => {
      const env = { ...process.env, REDISCLI_AUTH: word };
      const { stdout } = await promisify(execFile)('redis-cli', ['-p', String(port), ...words], { env });
      return stdout.trim();
    },
  };
}

async function listens(port: number): Promise<boolean> {
  const socket = net.connect(port, '127.0.0.1');
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}
