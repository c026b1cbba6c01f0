import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { startEmbeddedPostgres } from './embedded.ts';

let folder: string;
let dataDir: string;
let passwordFile: string;
const start = (log?: (message: string) => void) =>
  startEmbeddedPostgres({ dataDir, passwordFile, fsync: false, log });

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'heirloom-embedded-'));
  dataDir = join(folder, 'postgres');
  passwordFile = join(folder, 'secrets/postgres-password');
});

afterAll(() => rm(folder, { recursive: true, force: true }));

async function query<Row extends pg.QueryResultRow>(url: string, sql: string): Promise<Row[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Row>(sql)).rows;
  } finally {
    await client.end();
  }
}

/** A process that starts Postgres on the folder, says where, and waits to be killed. */
async function startInChild(): Promise<{ child: ChildProcess; adminUrl: string }> {
  const script = `
    import { startEmbeddedPostgres } from ${JSON.stringify(new URL('./embedded.ts', import.meta.url).href)};
    const server = await startEmbeddedPostgres(${JSON.stringify({ dataDir, passwordFile, fsync: false })});
    console.log(server.adminUrl);
    setInterval(() => {}, 1000);`;
  const args = ['--no-warnings', '--experimental-strip-types', '--input-type=module', '--eval', script];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const [adminUrl] = (await once(child.stdout.setEncoding('utf8'), 'data')) as [string];
  return { child, adminUrl: adminUrl.trim() };
}

async function postmasterPid(): Promise<number> {
  return Number.parseInt(await readFile(join(dataDir, 'postmaster.pid'), 'utf8'), 10);
}

describe('startEmbeddedPostgres', () => {
  it('makes a database, keeps it over a restart, and asks for the password', async () => {
    const first = await start();
    await query(first.adminUrl, 'CREATE TABLE kept AS SELECT 42 AS answer');
    const stranger = first.adminUrl.replace(/:[^:@]+@/, ':wrong@');
    await expect(query(stranger, 'SELECT 1')).rejects.toMatchObject({ code: '28P01' });
    expect((await stat(passwordFile)).mode & 0o777).toBe(0o600);
    await first.stop();
    await first.stop();
    await expect(query(first.adminUrl, 'SELECT 1')).rejects.toMatchObject({ code: 'ECONNREFUSED' });

    await using second = await start();
    expect(await query(second.adminUrl, 'SELECT answer FROM kept')).toEqual([{ answer: 42 }]);
    const [checksums] = await query<{ data_checksums: string }>(second.adminUrl, 'SHOW data_checksums');
    expect(checksums?.data_checksums).toBe('on');
  });

  it('stops the Postgres of a process that was killed, and starts on its data', async () => {
    const { child, adminUrl } = await startInChild();
    await query(adminUrl, 'CREATE TABLE survived AS SELECT 7 AS answer');
    const orphan = await postmasterPid();
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(process.kill(orphan, 0)).toBe(true);

    const said: string[] = [];
    await using server = await start((message) => said.push(message));
    expect(said.join()).toContain(`process ${orphan}`);
    expect(() => process.kill(orphan, 0)).toThrow('ESRCH');
    expect(await query(server.adminUrl, 'SELECT answer FROM survived')).toEqual([{ answer: 7 }]);
  });

  it('refuses a folder that a living process uses, and leaves that one running', async () => {
    const { child, adminUrl } = await startInChild();
    try {
      await expect(start()).rejects.toThrow(`in use by process ${child.pid}`);
      expect(await query(adminUrl, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    } finally {
      child.kill('SIGKILL');
      await once(child, 'exit');
    }
  });

  it('recovers when Postgres itself was killed', async () => {
    const crashed = await startEmbeddedPostgres({ dataDir, passwordFile });
    await query(crashed.adminUrl, 'CREATE TABLE crashed AS SELECT 9 AS answer');
    process.kill(await postmasterPid(), 'SIGKILL');
    await crashed.exited;
    await using server = await start();
    expect(await query(server.adminUrl, 'SELECT answer FROM crashed')).toEqual([{ answer: 9 }]);
  });

  it('waits for processes of a killed Postgres that have not noticed yet', async () => {
    const crashed = await start();
    const client = new pg.Client({ connectionString: crashed.adminUrl });
    client.on('error', () => {});
    await client.connect();
    const { rows } = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
    const straggler = rows[0]?.pid ?? 0;
    process.kill(straggler, 'SIGSTOP');
    process.kill(await postmasterPid(), 'SIGKILL');
    await crashed.exited;
    setTimeout(() => process.kill(straggler, 'SIGCONT'), 1500);
    const startMs = performance.now();
    await using server = await start();
    expect(performance.now() - startMs).toBeGreaterThan(1400);
    expect(await query(server.adminUrl, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });

  it('does not touch a foreign process that a stale postmaster.pid names', async () => {
    await (await start()).stop();
    const foreign = spawn('sleep', ['60'], { stdio: 'ignore' });
    await writeFile(join(dataDir, 'postmaster.pid'), `${foreign.pid}\n${dataDir}\n`);
    await using server = await start();
    expect(await query(server.adminUrl, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    expect(foreign.exitCode).toBeNull();
    foreign.kill();
  });

  it('says what Postgres said when it cannot start', async () => {
    const holder = createServer().listen(0, '127.0.0.1');
    await once(holder, 'listening');
    const { port } = holder.address() as { port: number };
    const options = { dataDir, passwordFile, port, fsync: false };
    try {
      await expect(startEmbeddedPostgres(options)).rejects.toThrow('could not bind');
    } finally {
      holder.close();
    }
  });

  it('refuses a database whose password file is lost', async () => {
    const options = { dataDir, passwordFile: join(folder, 'lost'), fsync: false };
    await expect(startEmbeddedPostgres(options)).rejects.toThrow('password file');
  });
});
