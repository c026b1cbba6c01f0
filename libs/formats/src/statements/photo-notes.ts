import { limits } from '@heirloom/contracts';
import { z } from 'zod';
import { recordFormat, type RecordFormat } from '../encoding/canonical.ts';
import {
  accountField,
  byteString,
  epochField,
  libraryField,
  photoField,
  timeField,
} from '../encoding/fields.ts';
import { suiteField } from '../encoding/suite.ts';
import { statementFormat, type StatementFormat } from './statement.ts';

/** A small record of one block at least: nonce (12), padded plaintext (64 or more), tag (16). */
const shortestRecordBytes = 92;
const sealedNotesBytes = limits.signedNotesBytes - 512;

const statementSchema = z.strictObject({
  suite: suiteField,
  /** The library of the person who wrote them, under whose key of this epoch they are sealed. */
  library: libraryField,
  epoch: epochField,
  photo: photoField,
  /** Counts the changes from 1. */
  revision: z
    .int()
    .min(1)
    .max(2 ** 31 - 1),
  author: accountField,
  writtenAt: timeField,
  sealed: byteString(shortestRecordBytes, sealedNotesBytes),
});
/** What a person keeps with a photo, sealed, by their own word. */
export type PhotoNotesStatement = z.output<typeof statementSchema>;
export const photoNotesStatement: StatementFormat<typeof statementSchema> = statementFormat(
  'photo-notes',
  statementSchema,
  limits.signedNotesBytes,
);

const notesSchema = z.looseObject({
  caption: z.string().min(1).max(limits.captionCharacters).optional(),
  favourite: z.literal(true).optional(),
  hidden: z.literal(true).optional(),
});
/** The plaintext of notes. What is not so is left out. Unknown fields are kept: later versions may add some. */
export type Notes = z.output<typeof notesSchema>;
export const notesFormat: RecordFormat<typeof notesSchema> = recordFormat(notesSchema, {
  maxBytes: sealedNotesBytes,
  code: 'damaged',
});
