import { limits } from '@heirloom/contracts';
import { z } from 'zod';
import { accountField, familyField, hashField, timeField } from '../encoding/fields.ts';
import { suite, suiteField } from '../encoding/suite.ts';
import { statementFormat, type StatementFormat } from '../statements/statement.ts';
import type { Identity } from '../statements/statements.ts';
import { knownEvent, laterEvent, type EventOf } from './events.ts';

const logEntrySchema = z.strictObject({
  suite: suiteField,
  family: familyField,
  /** Position in the log, from 0. */
  index: z
    .int()
    .min(0)
    .max(2 ** 40),
  /** Root of the tree of the `index` entries before: the signer vouches for the history that it has seen. */
  head: hashField,
  author: accountField,
  at: timeField,
  event: z.union([knownEvent, laterEvent]),
});
export type LogEntry = z.output<typeof logEntrySchema>;

/** One leaf of a family's log: a signed envelope, by the author's identity or one of the author's devices. */
export const logEntryStatement: StatementFormat<typeof logEntrySchema> = statementFormat(
  'log-entry',
  logEntrySchema,
  limits.logEntryBytes,
);

/** The identity that a family-created entry names: its author's. */
export const foundingIdentity = (entry: LogEntry & { event: EventOf<'family-created'> }): Identity => ({
  suite,
  account: entry.author,
  sign: entry.event.sign,
  kem: entry.event.kem,
});
