import { AppError, type CollectionId } from '@heirloom/contracts';
import type { FamilyCollection, FamilyState, Holding } from '@heirloom/formats';
import type { Transaction } from '../database.ts';
import { Prisma } from '../generated/client.ts';
import type { ChangeMaterial, SealedKeys } from './material.ts';

type States = { before: FamilyState; after: FamilyState };
type Versions = { id: CollectionId; before: FamilyCollection | undefined; after: FamilyCollection };

/** Writes what has become of collections and of who has which key. */
export async function writeCollections(
  tx: Transaction,
  { before, after }: States,
  { sealedName }: ChangeMaterial,
  keys: SealedKeys,
): Promise<void> {
  for (const [id, collection] of after.collections) {
    const versions = { id, before: before.collections.get(id), after: collection };
    if (versions.before === collection) continue;
    if (versions.before) await change(tx, versions);
    else await create(tx, after, versions, sealedName);
    await writeHolders(tx, versions, keys);
    await writeInvited(tx, versions, keys);
  }
}

async function create(
  tx: Transaction,
  { family }: FamilyState,
  { id, after }: Versions,
  sealedName: Uint8Array | undefined,
): Promise<void> {
  if (await tx.collection.findUnique({ where: { id } }))
    throw new AppError('conflict', { detail: 'Something else has this id already.' });
  const { scope, createdBy: creatorId } = after;
  const name = scope === 'album' && sealedName ? { sealedName: new Uint8Array(sealedName) } : {};
  await tx.collection.create({ data: { id, familyId: family, kind: scope, creatorId, ...name } });
}

/** What a feed tells of a collection stands in each of its rows, so all of them get a new place. */
export async function tellAgain(tx: Transaction, id: string): Promise<void> {
  await tx.$executeRaw`
    UPDATE grants SET xid = pg_current_xact_id(), seq = nextval('grants_seq_seq')
    WHERE collection_id = ${id}::uuid AND NOT removed`;
}

async function change(tx: Transaction, { id, before, after }: Versions): Promise<void> {
  const { epoch, rotationDue } = after;
  if (before!.epoch === epoch && before!.rotationDue === rotationDue) return;
  await tx.collection.update({ where: { id }, data: { epoch, rotationDue } });
  await tellAgain(tx, id);
}

async function writeHolders(
  tx: Transaction,
  { id, before, after }: Versions,
  keys: SealedKeys,
): Promise<void> {
  for (const [account, holding] of after.holders) {
    const was = before?.holders.get(account);
    for (const { epoch, index, sealedKey } of newKeys(was, holding, keys)) {
      await tx.$executeRaw`
        INSERT INTO grants (collection_id, account_id, epoch, role, grant_index, sealed_key)
        VALUES (${id}::uuid, ${account}::uuid, ${epoch}::int, ${holding.role}::grant_role, ${index}::int, ${sealedKey})
        ON CONFLICT (collection_id, account_id, epoch) DO UPDATE
        SET role = EXCLUDED.role, grant_index = EXCLUDED.grant_index, sealed_key = EXCLUDED.sealed_key,
          removed = false, xid = EXCLUDED.xid, seq = EXCLUDED.seq`;
    }
    if (was && was.role !== holding.role)
      await touch(tx, id, account, Prisma.sql`role = ${holding.role}::grant_role`);
  }
  for (const account of before?.holders.keys() ?? [])
    if (!after.holders.has(account)) await touch(tx, id, account, Prisma.sql`removed = true`);
}

/** Changes the rows of one person and tells their feed. */
async function touch(tx: Transaction, id: CollectionId, account: string, set: Prisma.Sql): Promise<void> {
  await tx.$executeRaw`
    UPDATE grants SET ${set}, xid = pg_current_xact_id(), seq = nextval('grants_seq_seq')
    WHERE collection_id = ${id}::uuid AND account_id = ${account}::uuid AND NOT removed`;
}

async function writeInvited(
  tx: Transaction,
  { id: collectionId, before, after }: Versions,
  keys: SealedKeys,
): Promise<void> {
  for (const [inviteId, holding] of after.invited)
    for (const { epoch, sealedKey } of newKeys(before?.invited.get(inviteId), holding, keys))
      await tx.inviteGrant.upsert({
        where: { inviteId_collectionId_epoch: { inviteId, collectionId, epoch } },
        create: { inviteId, collectionId, epoch, sealedKey },
        update: { sealedKey },
      });
  for (const inviteId of before?.invited.keys() ?? [])
    if (!after.invited.has(inviteId)) await tx.inviteGrant.deleteMany({ where: { inviteId, collectionId } });
}

/** The keys that the change gives. Holdings are replaced, never changed, so what is the same object is not new. */
const newKeys = (before: Holding | undefined, after: Holding, keys: SealedKeys) =>
  [...after.keys]
    .filter(([epoch, given]) => before?.keys.get(epoch) !== given)
    .map(([epoch, { index, sealedKeyHash }]) => ({ epoch, index, sealedKey: keys.take(sealedKeyHash) }));
