import { describe, expect, it } from '@jest/globals';
import { Pace } from './pace.ts';

const alive = new AbortController().signal;

describe('a pace', () => {
  it('lets so many bytes through in a second, for all readers together', async () => {
    const pace = new Pace(1_000_000);
    const begun = performance.now();
    const reader = async () => {
      for (let i = 0; i < 10; i++) await pace.take(20_000, alive);
    };
    await Promise.all([reader(), reader()]);
    // The last piece is read when it is allowed, not when it is earned.
    expect(performance.now() - begun).toBeGreaterThanOrEqual(375);
  });

  it('does not save up what was not read', async () => {
    const pace = new Pace(1_000_000);
    await pace.take(1, alive);
    await new Promise((resolve) => setTimeout(resolve, 300));
    const begun = performance.now();
    for (let i = 0; i < 3; i++) await pace.take(100_000, alive);
    expect(performance.now() - begun).toBeGreaterThanOrEqual(195);
  });

  it('stops waiting when nobody wants the bytes any more', async () => {
    const pace = new Pace(1000);
    const reader = new AbortController();
    await pace.take(1_000_000, reader.signal);
    const waiting = pace.take(1, reader.signal);
    reader.abort(new Error('gone'));
    await expect(waiting).rejects.toThrow('gone');
  });
});
