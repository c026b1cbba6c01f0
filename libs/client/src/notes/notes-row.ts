import { limits, type PhotoId } from '@heirloom/contracts';
import { byteString, notesFormat, photoField, recordFormat, type Notes } from '@heirloom/formats';
import { z } from 'zod';

const schema = z.strictObject({
  photo: photoField,
  /** Of the newest notes that were proven to be the person's; 0 before there were any. */
  revision: z.int().min(0),
  /** What the server said last that it has. */
  serverRevision: z.int().min(0),
  /** The signed record, as it travels; null before there was a good one. */
  record: byteString(1, limits.signedNotesBytes).nullable(),
  notes: byteString(1, limits.signedNotesBytes).nullable(),
  /** Whether the server has this record, as far as this device knows. */
  confirmed: z.boolean(),
  /** Why what the server shows is not believed. */
  problem: z.string().max(1000).nullable(),
});
const rowFormat = recordFormat(schema, { maxBytes: limits.signedNotesBytes * 3, code: 'damaged' });

/** A person's notes on one photo as this device keeps them. */
export interface NotesRow extends Omit<z.output<typeof schema>, 'notes'> {
  notes: Notes | null;
}

export const emptyRow = (photo: PhotoId): NotesRow => ({
  photo,
  revision: 0,
  serverRevision: 0,
  record: null,
  notes: null,
  confirmed: true,
  problem: null,
});

export function encodeNotesRow({ notes, ...rest }: NotesRow): Uint8Array {
  return rowFormat.encode({ ...rest, notes: notes && notesFormat.encode(notes) });
}

export function decodeNotesRow(bytes: Uint8Array): NotesRow {
  const { notes, ...rest } = rowFormat.decode(bytes);
  return { ...rest, notes: notes && notesFormat.decode(notes) };
}
