import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

let folder: string;
const heirloom = (...args: string[]) =>
  spawnSync(process.execPath, [join(folder, 'apps/cli/bin/heirloom.mjs'), ...args], { encoding: 'utf8' });

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'heirloom-launcher-'));
  await cp(join(import.meta.dirname, 'heirloom.mjs'), join(folder, 'apps/cli/bin/heirloom.mjs'), {
    recursive: true,
  });
  await writeFile(join(folder, 'package.json'), '{ "type": "module" }');
});

afterAll(() => rm(folder, { recursive: true }));

describe('the heirloom command', () => {
  it('says what to do where nothing is built', () => {
    const { status, stdout, stderr } = heirloom('ls');
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
    expect(stderr).toContain('Run "npm start"');
  });

  it('runs the program with its arguments and passes its exit code on', async () => {
    await mkdir(join(folder, 'apps/cli/dist'));
    const program = 'console.log(JSON.stringify(process.argv.slice(2))); process.exitCode = 7;';
    await writeFile(join(folder, 'apps/cli/dist/main.js'), program);
    const { status, stdout, stderr } = heirloom('get', '--to', 'a b');
    expect({ status, stdout, stderr }).toEqual({ status: 7, stdout: '["get","--to","a b"]\n', stderr: '' });
  });
});
