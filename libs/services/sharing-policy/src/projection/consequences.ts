import type { AccountId, AlbumId } from '@heirloom/contracts';
import type { FamilyCollection, FamilyState } from '@heirloom/formats';
import type { Transaction } from '../database.ts';

/** What others must learn of a change. */
export interface Consequences {
  /** Whose standing it changes. */
  accountIds: AccountId[];
  /** The albums that somebody lost. */
  lostAlbums: AlbumId[];
}

type States = { before: FamilyState; after: FamilyState };

/** Writes down, in the change's own transaction, what other services must not miss. */
export async function writeConsequences(tx: Transaction, states: States): Promise<Consequences> {
  const changes = [...new Set([...states.before.members.keys(), ...states.after.members.keys()])].flatMap(
    (accountId) => {
      const change = compare(states, accountId);
      return change === 'same' ? [] : [{ accountId, less: change === 'less' }];
    },
  );
  await tx.standingChange.createMany({ data: changes });
  const lost = [...states.after.collections].filter(([id, collection]) =>
    isLost(states.before.collections.get(id), collection),
  );
  for (const [albumId, { epoch }] of lost)
    await tx.$executeRaw`
      INSERT INTO fences (album_id, epoch) VALUES (${albumId}::uuid, ${epoch}::int)
      ON CONFLICT (album_id) DO UPDATE SET epoch = greatest(fences.epoch, EXCLUDED.epoch)`;
  return {
    accountIds: changes.map(({ accountId }) => accountId),
    lostAlbums: lost.map(([id]) => id as string as AlbumId),
  };
}

/** Whether an upload that was let in before may come to lie under a key that somebody should not have any more. */
function isLost(
  before: FamilyCollection | undefined,
  { scope, rotationDue, holders }: FamilyCollection,
): boolean {
  if (!before || scope !== 'album' || !rotationDue) return false;
  return !before.rotationDue || [...before.holders.keys()].some((account) => !holders.has(account));
}

/** Whether a person may do less than before, or other things. A changed role counts as less, whichever it is. */
function compare({ before, after }: States, account: AccountId): 'same' | 'other' | 'less' {
  const [was, is] = [before.members.get(account), after.members.get(account)];
  if (was && was.role !== is?.role) return 'less';
  let result: 'same' | 'other' = was ? 'same' : 'other';
  for (const [id, collection] of after.collections) {
    const old = before.collections.get(id);
    const [had, has] = [old?.holders.get(account), collection.holders.get(account)];
    if (had && had.role !== has?.role) return 'less';
    const other = old?.epoch !== collection.epoch || old.rotationDue !== collection.rotationDue;
    if (has && (!had || other)) result = 'other';
  }
  return result;
}
