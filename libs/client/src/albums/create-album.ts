import { familyRoutes, type AlbumId } from '@heirloom/contracts';
import { sealText, writeNewAlbum, type EpochKey } from '@heirloom/crypto';
import type { Account } from '../account/account.ts';
import { albumNameBinding } from '../account/bindings.ts';
import { changeFamily } from '../family/change-family.ts';
import type { FamilyLog } from '../family/family-log.ts';

/** Writes a new album into the family's log and gives the server its sealed name. */
export async function createAlbum(
  parts: { account: Account; log: FamilyLog },
  { albumId, name, isVault }: { albumId: AlbumId; name: string; isVault: boolean },
): Promise<{ key: EpochKey }> {
  const { key } = await changeFamily(
    parts,
    (inputs) => writeNewAlbum(inputs, albumId, isVault),
    async ({ entries, sealedKey, key: fresh }) => {
      const sealedName = await sealText(fresh.key, albumNameBinding(albumId, 1), name);
      return await parts.account.http.call(familyRoutes.createAlbum, {
        body: { albumId, sealedName, entries, sealedKey },
      });
    },
  );
  return { key };
}
