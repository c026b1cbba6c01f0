import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { newId, type AccountId, type CollectionId } from '@heirloom/contracts';
import { decodeProfile, type Profile } from '@heirloom/client';
import {
  createKeyring,
  grantToInvite,
  randomBytes,
  sealGrant,
  signerFromSeed,
  writeEntries,
  writeFounding,
  writeNewAlbum,
  type EpochKey,
  type LogAuthor,
} from '@heirloom/crypto';
import { headOf } from '@heirloom/formats';
import type { CliDevice } from '../cli/cli.ts';
import { newDevice, newest } from './entries.ts';
import type { ShownInvitation } from './lies.ts';

/** The keys of a device, as somebody finds them who gets its profile folder. */
export const profileOf = async ({ home }: Pick<CliDevice, 'home'>): Promise<Profile> =>
  decodeProfile(await readFile(path.join(home, 'keys.json'), 'utf8'));

/** The person of a device, able to sign whatever they like. */
export async function authorOf(device: CliDevice): Promise<LogAuthor> {
  const { accountId: account, identity } = await profileOf(device);
  return { account, signer: await signerFromSeed(identity.signSeed) };
}

/**
 * A whole family in which somebody else's keys stand in the owner's place, with the same invite: every entry in it is
 * rightly signed, and every sealed key opens. Only who has seen the true log can tell.
 * @param size how long it is at least
 */
export async function swappedFamily(shown: ShownInvitation, owner: AccountId, size: number) {
  const { family, event: invite } = newest(shown.entries, 'invite-created');
  const now = Date.now();
  const { identity } = await createKeyring(owner, newId());
  const author = { account: owner, signer: identity.signer };
  const founding = await writeFounding({ family, identity, devices: [], now });
  const vaultKey = shown.sealedKeys.find(({ collectionId }) => (collectionId as string) !== family);
  if (!vaultKey) throw new Error('the invite does not give the vault album');
  const album = vaultKey.collectionId as string as Parameters<typeof writeNewAlbum>[1];
  const vault = await writeNewAlbum({ state: founding.state, author, now }, album, true);
  const roleOf = { [family]: invite.role, [album]: invite.role === 'viewer' ? 'viewer' : 'contributor' };
  const grants = await Promise.all(
    [founding.key, vault.key].map((key: EpochKey) =>
      grantToInvite(
        vault.state,
        key,
        { id: invite.invite, kem: invite.kem },
        roleOf[key.collection] as never,
      ),
    ),
  );
  const padding = Array.from({ length: size }, () => newDevice(owner));
  const written = await writeEntries(
    vault.state,
    author,
    [{ ...invite, expiresAt: now + 60_000 }, ...grants.map(({ event }) => event), ...padding],
    now,
  );
  const entries = [...founding.entries, ...vault.entries, ...written.entries];
  if (headOf(written.state).size !== entries.length) throw new Error('the false log is not whole');
  const sealedKeys = grants.map(({ event, sealedKey }) => ({
    collectionId: event.collection as CollectionId,
    epoch: event.epoch as never,
    sealedKey,
  }));
  return { entries, sealedKeys };
}

/** The same log, and in place of the family's key one that the server made, sealed rightly to the invite. */
export async function plantedKey({ entries, sealedKeys }: ShownInvitation): Promise<ShownInvitation> {
  const { event, family } = newest(entries, 'invite-created');
  const planted = sealedKeys.map(async (row) => {
    if ((row.collectionId as string) !== family) return row;
    const key = { collection: family, epoch: row.epoch, key: randomBytes(32) };
    return { ...row, ...(await sealGrant(key, 'family', { id: event.invite, kem: event.kem })) };
  });
  return { entries, sealedKeys: await Promise.all(planted) };
}
