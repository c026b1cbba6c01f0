import { AppError, type AccountId } from '@heirloom/contracts';

/**
 * What is wrong with a family log or with an entry that is to follow it.
 * - `malformed`, `wrong-signature`: it is no rightly signed entry;
 * - `misplaced`, `forked`, `rolled-back`, `other-family`: it does not continue the history that is known;
 * - `foreign-key`, `revoked-device`, `stranger`, `removed-member`: its author may not speak in this family so;
 * - `not-allowed`: its author's role does not allow it;
 * - `swapped-key`: it names keys that are not the person's;
 * - `repeated`, `unknown`: what it makes is there already, or what it is about is not;
 * - `invite-closed`, `not-accepted`: the invite cannot be used (any more), or not by this person;
 * - `stale`, `wrong-epoch`: the key that it gives is not the newest, or may not be given any more;
 * - `unfinished`: a change of several entries was left in its middle;
 * - `limit`: the family would be larger than limits allow.
 */
export type LogFault =
  | 'malformed'
  | 'wrong-signature'
  | 'misplaced'
  | 'forked'
  | 'rolled-back'
  | 'other-family'
  | 'foreign-key'
  | 'revoked-device'
  | 'stranger'
  | 'removed-member'
  | 'not-allowed'
  | 'swapped-key'
  | 'repeated'
  | 'unknown'
  | 'invite-closed'
  | 'not-accepted'
  | 'stale'
  | 'wrong-epoch'
  | 'unfinished'
  | 'limit';

export interface LogErrorPlace {
  /** The person whom it is about, so that a client can say the name. */
  account?: AccountId | undefined;
  /** The entry's position in the log. */
  index?: number | undefined;
  cause?: unknown;
}

/** Something about a family log must not be so. The message is a sentence that says what happened. */
export class LogError extends AppError {
  readonly fault: LogFault;
  readonly account: AccountId | undefined;
  readonly index: number | undefined;

  constructor(fault: LogFault, sentence: string, { account, index, cause }: LogErrorPlace = {}) {
    super('log-invalid', { detail: sentence, cause });
    this.name = 'LogError';
    this.fault = fault;
    this.account = account;
    this.index = index;
  }
}

/** @throws LogError with this sentence unless it holds. */
export function must(holds: unknown, fault: LogFault, sentence: string, account?: AccountId): asserts holds {
  if (!holds) throw new LogError(fault, sentence, { account });
}
