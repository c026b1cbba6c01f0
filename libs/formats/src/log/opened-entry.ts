import { AppError } from '@heirloom/contracts';
import { equalBytes } from '../encoding/bytes.ts';
import { signedEnvelope } from '../statements/signing.ts';
import { epochStatement, type EpochStatement } from '../statements/statements.ts';
import { logEntryStatement, type LogEntry } from './entry.ts';
import { isKnownEvent } from './events.ts';
import { LogError } from './log-error.ts';
import { leafHash, type Hash } from './merkle.ts';

/** An entry whose signature is right. Whether its signer may say so is for the state to decide. */
export interface OpenedEntry {
  readonly entry: LogEntry;
  /** Ed25519 public key that signed it. */
  readonly signer: Uint8Array;
  readonly leaf: Hash;
  /** The statement inside of an epoch-minted entry, signed by the same key. */
  readonly minted?: EpochStatement;
}

/** Opens entries as they stand in the log. @throws LogError `malformed` or `wrong-signature` */
export function openEntries(entries: readonly Uint8Array[]): Promise<OpenedEntry[]> {
  return Promise.all(entries.map(openEntry));
}

/** @throws LogError `malformed` or `wrong-signature` */
export async function openEntry(bytes: Uint8Array): Promise<OpenedEntry> {
  const entry = readEntry(bytes);
  const { signer } = await verified(() => logEntryStatement.verify(bytes));
  const minted = await openStatement(entry, signer);
  return { entry, signer, leaf: leafHash(bytes), ...(minted ? { minted } : {}) };
}

function readEntry(bytes: Uint8Array): LogEntry {
  try {
    return logEntryStatement.payload.decode(signedEnvelope.decode(bytes).payload);
  } catch (cause) {
    if (!(cause instanceof AppError)) throw cause;
    throw new LogError('malformed', `An entry of the family log is not well formed: ${cause.message}`, {
      cause,
    });
  }
}

async function openStatement({ event }: LogEntry, signer: Uint8Array): Promise<EpochStatement | undefined> {
  if (!isKnownEvent(event) || event.kind !== 'epoch-minted') return undefined;
  const { value, signer: statementSigner } = await verified(() => epochStatement.verify(event.statement));
  if (!equalBytes(statementSigner, signer)) {
    throw new LogError(
      'wrong-signature',
      'A new album key is signed by another key than the entry that brings it.',
    );
  }
  return value;
}

async function verified<T>(verify: () => Promise<T>): Promise<T> {
  try {
    return await verify();
  } catch (cause) {
    if (!(cause instanceof AppError)) throw cause;
    const sentence = 'An entry of the family log was forged or changed: its signature is wrong.';
    throw new LogError('wrong-signature', sentence, { cause });
  }
}
