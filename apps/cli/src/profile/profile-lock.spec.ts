import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { lockProfile } from './profile-lock.ts';

let folder = '';
beforeEach(async () => (folder = await mkdtemp(path.join(tmpdir(), 'heirloom-lock-'))));
afterEach(() => rm(folder, { recursive: true, force: true }));

const program = `
  const { lockProfile } = await import(process.argv[1]);
  await lockProfile(process.argv[2], { patienceMs: 0 });
  console.log('locked');
  setInterval(() => {}, 1000);
`;

async function otherProcess() {
  const module = path.join(import.meta.dirname, 'profile-lock.ts');
  const child = spawn(
    process.execPath,
    ['-C', '@heirloom/source', '--no-warnings', '--input-type=module', '-e', program, module, folder],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  await once(child.stdout, 'data');
  return child;
}

describe('lockProfile', () => {
  it('names the process that has the profile', async () => {
    const other = await otherProcess();
    try {
      const told: string[] = [];
      const locked = lockProfile(folder, { patienceMs: 150, onWait: (sentence) => told.push(sentence) });
      await expect(locked).rejects.toMatchObject({
        code: 'locked',
        message: expect.stringContaining(`${other.pid}`),
      });
      expect(told).toHaveLength(1);
    } finally {
      other.kill('SIGKILL');
      await once(other, 'exit');
    }
  });

  it('is free at once when the process that had it was killed', async () => {
    const other = await otherProcess();
    other.kill('SIGKILL');
    await once(other, 'exit');
    using lock = await lockProfile(folder, { patienceMs: 0 });
    expect(lock).toBeDefined();
  });

  it('waits for its turn', async () => {
    const first = await lockProfile(folder, { patienceMs: 0 });
    const second = lockProfile(folder, { patienceMs: 5000 });
    setTimeout(() => first[Symbol.dispose](), 150);
    using lock = await second;
    expect(lock).toBeDefined();
  });
});
