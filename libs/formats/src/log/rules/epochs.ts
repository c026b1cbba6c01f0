import { closeExpired } from './invites.ts';
import { editCollection, owe, withPair, type Change, type Draft } from '../draft.ts';
import { mayMint, type OwedGrant } from '../family-state.ts';
import { must } from '../log-error.ts';

/** The next key of a collection. Everyone who has the collection, and every open invite to it, must get it at once. */
export function epochMinted(draft: Draft, { entry, minted }: Change<'epoch-minted'>): void {
  const { author } = entry;
  const { collection: id, epoch, mintedBy, previousKey, keyCheck } = minted!;
  const collection = draft.collections.get(id);
  must(collection, 'unknown', 'A new key is for an album that the family does not have.', author);
  must(mintedBy === author, 'not-allowed', 'A new key says that somebody else made it.', author);
  must(
    mayMint(draft, author, id),
    'not-allowed',
    'A member changed the key of an album without the right to do so.',
    author,
  );
  must(
    epoch === collection.epoch + 1,
    epoch <= collection.epoch ? 'stale' : 'wrong-epoch',
    `An album's key number ${epoch} does not follow number ${collection.epoch}.`,
    author,
  );
  must(
    collection.holders.get(author)?.keys.has(collection.epoch),
    'not-allowed',
    'A member changed the key of an album without having the one before.',
    author,
  );
  closeExpired(draft, entry.at);
  editCollection(draft, id, {
    epoch,
    rotationDue: false,
    minted: withPair(collection.minted, epoch, { index: entry.index, mintedBy, previousKey, keyCheck }),
  });
  const { holders, invited } = draft.collections.get(id)!;
  const grants: OwedGrant[] = [
    ...[...holders].map(([account, { role }]) => ({ collection: id, to: { account }, role })),
    ...[...invited].map(([invite, { role }]) => ({ collection: id, to: { invite }, role })),
  ];
  owe(draft, author, grants);
}
