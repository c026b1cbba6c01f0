import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { randomBytes, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdir, mkdtemp, open, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';

const execute = promisify(execFile);
const patienceMs = 120_000;

export interface CephOptions {
  /** `bluestore` keeps its objects on disk, so that it can be killed and started again. */
  store?: 'memstore' | 'bluestore';
}

/** Keys of one user of the gateway. */
export interface CephUser {
  accessKeyId: string;
  secretAccessKey: string;
}

/**
 * A Ceph RADOS Gateway with one monitor and one OSD from the system's packages (ceph-mon, ceph-osd, radosgw,
 * ceph-common), on 127.0.0.1 and in a folder of its own. Its processes end with this one.
 */
export class CephRgw implements AsyncDisposable {
  /** For example http://127.0.0.1:41234 */
  readonly endpoint: string;
  readonly #folder: string;
  readonly #processes = new Map<string, ChildProcess>();

  private constructor(folder: string, endpoint: string) {
    this.#folder = folder;
    this.endpoint = endpoint;
  }

  static async start({ store = 'memstore' }: CephOptions = {}): Promise<CephRgw> {
    const folder = await mkdtemp(join(tmpdir(), 'heirloom-ceph-'));
    const [port, monitor, older] = await freePorts(3);
    const fsid = randomUUID();
    const address = `v2:127.0.0.1:${monitor}/0,v1:127.0.0.1:${older}/0`;
    const rgw = new CephRgw(folder, `http://127.0.0.1:${port}`);
    try {
      for (const name of ['mon', 'osd', 'rgw', 'run']) await mkdir(join(folder, name), { recursive: true });
      await writeFile(join(folder, 'keyring'), '');
      await writeFile(rgw.#config, configuration({ folder, fsid, address, port: port!, store }));
      await rgw.#make(fsid, address);
      await rgw.up();
    } catch (error) {
      await rgw[Symbol.asyncDispose]();
      throw error;
    }
    return rgw;
  }

  /** Starts what does not run, and waits until the gateway answers. */
  async up(): Promise<void> {
    await this.#run('mon', 'ceph-mon', ['-f', '-i', 'a']);
    await this.#run('osd', 'ceph-osd', ['-f', '-i', '0']);
    await this.#run('rgw', 'radosgw', ['-f', '-n', 'client.rgw.a']);
    const deadline = Date.now() + patienceMs;
    for (;;) {
      const answer = await fetch(this.endpoint, { signal: AbortSignal.timeout(5_000) }).catch(
        () => undefined,
      );
      if (answer?.ok) return;
      if (Date.now() > deadline)
        throw new Error(`the gateway does not answer; its logs are in ${this.#folder}`);
      await sleep(100);
    }
  }

  /** kill -9: the whole engine, or its gateway alone. */
  async crash(what: 'all' | 'gateway' = 'all'): Promise<void> {
    for (const name of what === 'all' ? ['rgw', 'osd', 'mon'] : ['rgw']) await this.#kill(name);
  }

  /** Makes a user. */
  async addUser(name: string): Promise<CephUser> {
    const key = newKey();
    await this.admin('user', 'create', `--uid=${name}`, `--display-name=${name}`, ...keyOptions(key));
    return key;
  }

  /** Gives a user one more key; those from before stay good. */
  async addKey(name: string): Promise<CephUser> {
    const key = newKey();
    await this.admin('key', 'create', `--uid=${name}`, '--key-type=s3', ...keyOptions(key));
    return key;
  }

  /** Takes one key of a user away. */
  async removeKey(name: string, { accessKeyId }: CephUser): Promise<void> {
    await this.admin('key', 'rm', `--uid=${name}`, '--key-type=s3', `--access-key=${accessKeyId}`);
  }

  /** Runs radosgw-admin. */
  async admin(...args: string[]): Promise<string> {
    const { stdout } = await execute('radosgw-admin', args, { env: this.#env, maxBuffer: 64 * 1024 * 1024 });
    return stdout;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.crash();
    await rm(this.#folder, { recursive: true, force: true });
  }

  async #make(fsid: string, address: string): Promise<void> {
    const map = join(this.#folder, 'monmap');
    await this.#execute('monmaptool', ['--create', '--fsid', fsid, '--addv', 'a', `[${address}]`, map]);
    await this.#execute('ceph-mon', ['--mkfs', '-i', 'a', '--monmap', map]);
    await this.#run('mon', 'ceph-mon', ['-f', '-i', 'a']);
    const osd = randomUUID();
    await this.#execute('ceph', ['--connect-timeout', '60', 'osd', 'new', osd, '0']);
    await this.#execute('ceph-osd', ['--mkfs', '-i', '0', '--osd-uuid', osd]);
  }

  async #execute(command: string, args: string[]): Promise<void> {
    await execute(command, args, { env: this.#env });
  }

  async #run(name: string, command: string, args: string[]): Promise<void> {
    const running = this.#processes.get(name);
    if (running?.exitCode === null && running.signalCode === null) return;
    await using log = await open(join(this.#folder, `${name}.out`), 'a');
    // Whoever kills the tests kills what they have started.
    const child = spawn('setpriv', ['--pdeathsig', 'KILL', '--', command, ...args], {
      env: this.#env,
      stdio: ['ignore', log.fd, log.fd],
    });
    this.#processes.set(name, child);
    await once(child, 'spawn');
  }

  async #kill(name: string): Promise<void> {
    const child = this.#processes.get(name);
    this.#processes.delete(name);
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
  }

  get #config(): string {
    return join(this.#folder, 'ceph.conf');
  }

  get #env(): NodeJS.ProcessEnv {
    return { ...process.env, CEPH_CONF: this.#config };
  }
}

interface Configuration {
  folder: string;
  fsid: string;
  address: string;
  port: number;
  store: string;
}

/** One of each, no authentication between them, and no waiting for companions. */
const configuration = ({ folder, fsid, address, port, store }: Configuration): string => `[global]
fsid = ${fsid}
mon_host = [${address}]
public_addr = 127.0.0.1
cluster_addr = 127.0.0.1
auth_cluster_required = none
auth_service_required = none
auth_client_required = none
ms_mon_client_mode = crc
paxos_propose_interval = 0.05
paxos_min_wait = 0.01
keyring = ${folder}/keyring
run_dir = ${folder}/run
admin_socket = ${folder}/run/$name.$pid.asok
crash_dir = ${folder}/run
log_file = ${folder}/$name.log
mon_data = ${folder}/mon
osd_data = ${folder}/osd
rgw_data = ${folder}/rgw
osd_objectstore = ${store}
memstore_device_bytes = 2147483648
bluestore_block_size = 8589934592
bluestore_cache_autotune = false
bluestore_cache_size = 67108864
osd_pool_default_size = 1
osd_pool_default_min_size = 1
osd_pool_default_pg_num = 1
osd_pool_default_pg_autoscale_mode = off
rgw_rados_pool_pg_num_min = 1
osd_crush_chooseleaf_type = 0
mon_allow_pool_size_one = true
mon_data_avail_crit = 1
rgw_frontends = beast endpoint=127.0.0.1:${port}
`;

/** Ports that nobody listens on now. */
async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(
    Array.from({ length: count }, async () => {
      const server = createServer().listen(0, '127.0.0.1');
      await once(server, 'listening');
      return server;
    }),
  );
  const ports = servers.map((server) => (server.address() as { port: number }).port);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}

const newKey = (): CephUser => ({
  accessKeyId: randomBytes(10).toString('hex'),
  secretAccessKey: randomBytes(20).toString('hex'),
});
const keyOptions = ({ accessKeyId, secretAccessKey }: CephUser): string[] => [
  `--access-key=${accessKeyId}`,
  `--secret-key=${secretAccessKey}`,
];
