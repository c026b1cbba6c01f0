import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from '@jest/globals';
import { Turns } from './turns.ts';

it('never lets more run than it should, and all in their order', async () => {
  const turns = new Turns(3);
  const started: number[] = [];
  let running = 0;
  let most = 0;
  const results = await Promise.allSettled(
    Array.from({ length: 20 }, (_, i) =>
      turns.take(async () => {
        started.push(i);
        most = Math.max(most, ++running);
        await sleep(i % 4);
        running -= 1;
        if (i % 5 === 0) throw new Error('failed');
        return i;
      }),
    ),
  );
  expect(most).toBe(3);
  expect(started).toEqual(Array.from({ length: 20 }, (_, i) => i));
  expect(results.filter(({ status }) => status === 'rejected').length).toBe(4);
});
