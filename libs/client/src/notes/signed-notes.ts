import { AppError, type LibraryId, type PhotoNotes } from '@heirloom/contracts';
import { openRecord, sealRecord } from '@heirloom/crypto';
import { notesFormat, photoNotesStatement, suite, type Binding, type Notes } from '@heirloom/formats';
import { libraryKeyOf, ownLibrary, type Account } from '../account/account.ts';
import type { FamilyLog } from '../family/family-log.ts';

export interface NotesKeys {
  account: Account;
  log: FamilyLog;
}

const bindingOf = (library: LibraryId, epoch: number, photo: string): Binding => ({
  purpose: 'photo-notes',
  collection: library,
  epoch,
  object: photo,
});

/** Seals a person's notes under their library key, and signs them. */
export async function signNotes(
  { account }: NotesKeys,
  photo: PhotoNotes['photoId'],
  revision: number,
  notes: Notes,
): Promise<Uint8Array> {
  const { libraryId, epoch, key } = ownLibrary(account);
  const sealed = await sealRecord(key, bindingOf(libraryId, epoch, photo), notesFormat.encode(notes));
  const { accountId } = account.profile;
  return await photoNotesStatement.sign(
    { suite, library: libraryId, epoch, photo, revision, author: accountId, writtenAt: Date.now(), sealed },
    account.identity.signer,
  );
}

/**
 * Checks that notes are the person's own, on this photo and of this revision, and opens them.
 * @throws AppError `damaged`
 */
export async function openNotes(
  { account, log }: NotesKeys,
  { photoId, revision, record }: PhotoNotes,
): Promise<Notes> {
  const { accountId } = account.profile;
  const { libraryId } = ownLibrary(account);
  const { value } = await photoNotesStatement
    .verify(record, log.history.signersOf(accountId))
    .catch((cause: unknown) => {
      throw cause instanceof AppError
        ? new AppError('damaged', {
            detail: 'The server shows notes on this photo that you did not sign.',
            cause,
          })
        : cause;
    });
  const isRight =
    value.library === libraryId &&
    value.photo === photoId &&
    value.revision === revision &&
    value.author === accountId;
  if (!isRight)
    throw new AppError('damaged', { detail: 'The server shows notes that belong to something else.' });
  const key = libraryKeyOf(account, value.library, value.epoch);
  const binding = bindingOf(value.library, value.epoch, value.photo);
  return notesFormat.decode(await openRecord(key, binding, value.sealed));
}
