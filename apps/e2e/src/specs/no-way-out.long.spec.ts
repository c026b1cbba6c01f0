import { execFile, spawnSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from '@jest/globals';
import { repository } from '../system/processes.ts';

const execute = promisify(execFile);
const minute = 60_000;

/** What the kernel counts in a network without a route: everything that was to leave it, by name or by address. */
const refusals = `{ awk '/^Ip: [0-9]/ {print $13}' /proc/net/snmp; awk '/^Ip6OutNoRoutes/ {print $2}' /proc/net/snmp6; } | awk '{sum += $1} END {print sum}'`;

const inside = (command: string) => ['--net', '--', 'sh', '-c', `set -e; ip link set lo up; ${command}`];
const isRefused = spawnSync('unshare', inside('true')).status !== 0;
if (isRefused) process.stderr.write('Not run: this machine lets nobody make a network namespace.\n');
const test = isRefused ? it.skip : it;

test(
  'what asks for the outside is counted',
  async () => {
    const ask = "require('net').connect(80, process.argv[1]).on('error', () => {})";
    const knock = ['203.0.113.1', '2001:db8::1']
      .map((to) => `${process.execPath} -e "${ask}" ${to}`)
      .join('; ');
    const { stdout } = await execute('unshare', inside(`${knock}; ${refusals}`));
    expect(Number(stdout.trim())).toBeGreaterThanOrEqual(2);
  },
  minute,
);

test(
  'the main job, sign-up to revocation, asks for nothing outside, in one process and in four',
  async () => {
    const folder = await mkdtemp(path.join(os.tmpdir(), 'heirloom-no-way-out-'));
    try {
      const jest = [
        process.execPath,
        '--experimental-vm-modules --no-warnings node_modules/jest/bin/jest.js',
        'apps/e2e/src/specs/main-job.e2e.spec.ts --silent',
      ].join(' ');
      const run = `HEIRLOOM_TEST_STAGE=e2e ${jest} >${folder}/jest.log 2>&1 || { tail -60 ${folder}/jest.log >&2; exit 1; }`;
      const { stdout } = await execute('unshare', inside(`${run}; ${refusals}`), { cwd: repository });
      expect(stdout.trim()).toBe('0');
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  },
  20 * minute,
);
