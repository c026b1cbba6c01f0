import { closeSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as wait } from 'node:timers/promises';
import { AppError } from '@heirloom/contracts';

export interface LockOptions {
  /** How long to wait for the one who has it. */
  patienceMs: number;
  /** Told once, with a sentence, when it has to wait. */
  onWait?: (sentence: string) => void;
  signal?: AbortSignal;
}

const pollMs = 100;

/**
 * Keeps a profile to one process at a time. The lock is SQLite's own on a file of the operating system, so it ends
 * with the process that holds it, however that ends: there are no stale locks to take over.
 * @throws AppError `locked` with the number of the process that has it.
 */
export async function lockProfile(folder: string, options: LockOptions): Promise<Disposable> {
  const file = path.join(folder, 'lock.db');
  const holder = path.join(folder, 'lock.pid');
  closeSync(openSync(file, 'a', 0o600));
  const until = performance.now() + options.patienceMs;
  for (let told = false; ; told = true) {
    const database = tryLock(file);
    if (database) {
      writeFileSync(holder, `${process.pid}\n`, { mode: 0o600 });
      return { [Symbol.dispose]: () => database.close() };
    }
    const sentence = `Another heirloom command${processOf(holder)} is at work with this profile`;
    if (performance.now() >= until) {
      throw new AppError('locked', { detail: `${sentence}. Try again when it has ended.` });
    }
    if (!told) options.onWait?.(`${sentence}. Waiting until it has ended.`);
    await wait(pollMs, undefined, options.signal ? { signal: options.signal } : {});
  }
}

function tryLock(file: string): DatabaseSync | null {
  const database = new DatabaseSync(file, { timeout: 0 });
  try {
    database.exec('PRAGMA journal_mode = DELETE; BEGIN EXCLUSIVE');
    return database;
  } catch (error) {
    database.close();
    // SQLITE_BUSY
    if ((error as { errcode?: number }).errcode === 5) return null;
    throw error;
  }
}

function processOf(holder: string): string {
  try {
    const pid = readFileSync(holder, 'utf8').trim();
    return /^\d+$/.test(pid) ? ` (process ${pid})` : '';
  } catch {
    return '';
  }
}
