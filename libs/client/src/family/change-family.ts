import { AppError } from '@heirloom/contracts';
import type { ChangeInputs, WrittenEntries } from '@heirloom/crypto';
import type { Account } from '../account/account.ts';
import type { FamilyLog } from './family-log.ts';

const attempts = 6;

export interface LogParts {
  account: Account;
  log: FamilyLog;
}

/**
 * Makes a change of the family: writes entries that follow the log, sends them, and takes them in when the server
 * accepted them. When somebody else was quicker it is written anew.
 * @param recover - runs before each further attempt, when the log is up to date again.
 * @throws LogError for what the family's rules do not allow, and what the server answers
 */
export async function changeFamily<W extends WrittenEntries, A extends { checkpoint: string }>(
  { log }: LogParts,
  write: (inputs: ChangeInputs) => Promise<W>,
  send: (written: W) => Promise<A>,
  recover: () => Promise<void> = () => Promise.resolve(),
): Promise<W & { answer: A }> {
  for (let attempt = 1; ; attempt++) {
    const written = await write(log.inputs());
    try {
      const answer = await send(written);
      await log.accept(written.entries, answer.checkpoint);
      return { ...written, answer };
    } catch (error) {
      if (attempt === attempts || !wasOvertaken(error)) throw error;
      await log.refresh();
      await recover();
    }
  }
}

/** Whether the server refused a change because another one came before it. */
export const wasOvertaken = (error: unknown): boolean =>
  error instanceof AppError && (error.code === 'log-conflict' || error.code === 'epoch-stale');
