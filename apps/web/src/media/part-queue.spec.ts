import { describe, expect, it } from '@jest/globals';
import { CancelledError, PartQueue } from './part-queue.ts';

/** Work that ends when it is told to, and says when it began. */
function steps(queue: PartQueue) {
  const began: number[] = [];
  const ends = new Map<number, () => void>();
  const signals = new Map<number, AbortSignal>();
  const start = (ticket: number) =>
    queue.run(ticket, async (signal) => {
      began.push(ticket);
      signals.set(ticket, signal);
      await new Promise<void>((resolve, reject) => {
        ends.set(ticket, resolve);
        signal.addEventListener('abort', () => reject(signal.reason as Error));
      });
      return ticket;
    });
  const settle = () => new Promise((resolve) => setTimeout(resolve, 0));
  return { began, start, settle, end: (ticket: number) => ends.get(ticket)?.(), signals };
}

describe('the queue of parts', () => {
  it('runs so many at a time, and then the newest request first', async () => {
    const { began, start, settle, end } = steps(new PartQueue(2));
    const all = [1, 2, 3, 4, 5].map(start);
    await settle();
    expect(began).toEqual([1, 2]);
    for (const ticket of [1, 5, 2, 4, 3]) {
      end(ticket);
      await settle();
    }
    expect(began).toEqual([1, 2, 5, 4, 3]);
    expect(await Promise.all(all)).toEqual([1, 2, 3, 4, 5]);
  });

  it('never begins what was taken back, and stops what runs', async () => {
    const queue = new PartQueue(1);
    const { began, start, settle, signals } = steps(queue);
    const [running, waiting] = [start(1), start(2)];
    await settle();
    queue.cancel(2);
    await expect(waiting).rejects.toBeInstanceOf(CancelledError);
    queue.cancel(1);
    await expect(running).rejects.toBeInstanceOf(CancelledError);
    expect(signals.get(1)?.aborted).toBe(true);
    expect(began).toEqual([1]);
    const next = start(3);
    await settle();
    expect(began).toEqual([1, 3]);
    queue.cancel(3);
    await expect(next).rejects.toBeInstanceOf(CancelledError);
  });
});
