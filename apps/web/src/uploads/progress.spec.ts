import { describe, expect, it } from '@jest/globals';
import { isPhone } from './device-kind.ts';
import { progressOf } from './progress.ts';
import { idleUploads, type UploadOverview } from './queued-file.ts';

const overview = (change: Partial<UploadOverview['tally']> = {}, files = 2): UploadOverview => ({
  tally: {
    isPaused: false,
    stored: 1,
    known: 1,
    restored: 0,
    doneBytes: 600,
    waitingBytes: 400,
    copies: 2,
    ...change,
  },
  waiting: { files, rows: [] },
  failed: { files: 0, rows: [] },
  loose: 0,
  unallowed: 0,
});
const active = { id: 'a', name: 'a.jpg', size: 200, step: 'sending' as const, share: 0.5 };

describe('progress', () => {
  it('counts what is done and the part of what is being sent', () => {
    const live = { ...idleUploads, active: [active], bytesPerSecond: 100 };
    expect(progressOf(overview(), live)).toEqual({
      share: 0.7,
      doneFiles: 2,
      allFiles: 4,
      doneBytes: 700,
      allBytes: 1000,
      secondsLeft: 3,
    });
  });

  it('does not count what is only read', () => {
    const live = { ...idleUploads, active: [{ ...active, step: 'reading' as const }] };
    expect(progressOf(overview(), live)).toMatchObject({ doneBytes: 600, secondsLeft: null });
  });

  it('is none of nothing', () => {
    expect(progressOf(overview({ doneBytes: 0, waitingBytes: 0 }, 0), idleUploads).share).toBe(0);
  });
});

describe('a phone', () => {
  it.each([
    ['Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X)', 5, true],
    ['Mozilla/5.0 (Linux; Android 15; Pixel 9)', 5, true],
    ['Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7)', 5, true],
    ['Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7)', 0, false],
    ['Mozilla/5.0 (X11; Linux x86_64)', 0, false],
  ])('is known by %s with %i touch points', (userAgent, maxTouchPoints, expected) => {
    expect(isPhone({ userAgent, maxTouchPoints })).toBe(expected);
  });
});
