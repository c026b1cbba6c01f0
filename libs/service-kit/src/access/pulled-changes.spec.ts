import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { limits, type Cursor } from '@heirloom/contracts';
import { createLog } from '../logging/logger.ts';
import { PulledChanges } from './pulled-changes.ts';

let sleptMs: number;
let asked: number;
let answer: () => Promise<{ changes: never[]; cursor: Cursor; more: boolean }>;
let pulled: PulledChanges<never>;
beforeEach(async () => {
  sleptMs = 0;
  asked = 0;
  answer = () => Promise.resolve({ changes: [], cursor: 'a' as Cursor, more: false });
  const now = performance.now.bind(performance);
  jest.spyOn(performance, 'now').mockImplementation(() => now() + sleptMs);
  const ask = () => ((asked += 1), answer());
  pulled = new PulledChanges({ what: 'it', ask, heard: () => {}, stale: () => {} }, createLog('silent'));
  await pulled.start();
});
afterEach(async () => {
  await pulled.stop();
  jest.restoreAllMocks();
});
const sleep = () => (sleptMs += limits.revocationStaleMs + 1);

describe('a list that was not confirmed for too long', () => {
  it('is pulled before anybody is refused, as after a sleep of the machine', async () => {
    expect(asked).toBe(1);
    sleep();
    expect(pulled.stale).toBe(true);
    expect(await Promise.all([pulled.isFresh(), pulled.isFresh(), pulled.isFresh()])).toEqual([
      true,
      true,
      true,
    ]);
    expect(asked).toBe(2);
    expect(await pulled.isFresh()).toBe(true);
    expect(asked).toBe(2);
  });

  it('is not relied on where the pull fails', async () => {
    sleep();
    answer = () => Promise.reject(new Error('nobody answers'));
    expect(await pulled.isFresh()).toBe(false);
    expect(asked).toBe(2);
  });
});
