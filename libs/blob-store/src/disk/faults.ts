export type DiskOperation =
  | 'open'
  | 'read'
  | 'write'
  | 'sync'
  | 'chmod'
  | 'stat'
  | 'readdir'
  | 'mkdir'
  | 'link'
  | 'rename'
  | 'unlink'
  | 'syncDirectory'
  | 'room';

/** What goes wrong with an operation. */
export type Effect =
  /** It fails with this system error and does nothing. */
  | { error: 'ENOSPC' | 'EDQUOT' | 'EIO' | 'EACCES' | 'EROFS' | 'EPERM' }
  /** A read or a write handles at most this many bytes, as a system call may. */
  | { maxBytes: number }
  /** A read gives one wrong bit; what is stored stays right. */
  | { bitFlip: true }
  /** It takes this long. */
  | { delayMs: number }
  /** Power is lost just before it. */
  | { powerCut: true };

export type Fault = {
  on: DiskOperation | 'any';
  /** Which of these operations from now on is the first to suffer; 1, the next one, when left out. */
  nth?: number;
  /** How many in a row suffer; 1 when left out. */
  times?: number;
} & Effect;

/** Counts operations and says which of the injected faults each one meets. */
export class Faults {
  #pending: { fault: Fault; seen: number }[] = [];
  /** Operations so far. */
  count = 0;

  inject(fault: Fault): void {
    this.#pending.push({ fault, seen: 0 });
  }

  clear(): void {
    this.#pending = [];
  }

  next(operation: DiskOperation): Effect[] {
    this.count++;
    const effects: Effect[] = [];
    for (const entry of this.#pending) {
      const { on, nth = 1, times = 1 } = entry.fault;
      if (on !== 'any' && on !== operation) continue;
      entry.seen++;
      if (entry.seen >= nth && entry.seen < nth + times) effects.push(entry.fault);
    }
    return effects;
  }
}
