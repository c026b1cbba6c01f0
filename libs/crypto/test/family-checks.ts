import { newId, type AlbumId, type CollectionId, type DeviceId } from '@heirloom/contracts';
import {
  applyEntry,
  familyCollection,
  logEntryStatement,
  openEntry,
  replayPinned,
  rotationsDue,
  vaultAlbum,
} from '@heirloom/formats';
import {
  epochKeyCheck,
  grantTo,
  inviteKeys,
  openGrant,
  openPreviousEpoch,
  randomBytes,
  sealGrant,
  signerFromSeed,
  writeInvite,
  writeJoin,
  writeNewAlbum,
  writeRemoval,
  writeRotation,
  writeShare,
  writeUnshare,
} from '../src/index.ts';
import { Family, idOf, newPerson } from './family.ts';
import { assert, assertBytes, assertEqual, check, counting, refuses, type Check } from './check.ts';

function inviteChecks(): Check[] {
  return [
    check('an invite’s keys come from its secret alone, each by a label of its own', async () => {
      const secret = counting(32, 5);
      const [one, same, other] = await Promise.all([
        inviteKeys(secret),
        inviteKeys(secret),
        inviteKeys(counting(32, 6)),
      ]);
      assertBytes(one.signer.publicKey, same.signer.publicKey, 'signer');
      assertBytes(one.kem.publicKey, same.kem.publicKey, 'kem');
      for (const part of ['accessCode', 'accessHash'] as const) {
        assertBytes(one[part], same[part], part);
        assert(
          one[part].some((byte, i) => byte !== other[part][i]),
          `${part} does not depend on the secret`,
        );
      }
      const { subtle } = globalThis.crypto;
      const base = await subtle.importKey('raw', secret, 'HKDF', false, ['deriveBits']);
      const derive = async (label: string) => {
        const info = new TextEncoder().encode(`heirloom/1/${label}\0`);
        return new Uint8Array(
          await subtle.deriveBits({ name: 'HKDF', hash: 'SHA-256', salt: new Uint8Array(), info }, base, 256),
        );
      };
      const code = await derive('invite/access-code');
      assertBytes(one.accessCode, code, 'access code');
      assertBytes(one.accessHash, new Uint8Array(await subtle.digest('SHA-256', code)), 'access hash');
      const signer = await signerFromSeed(await derive('invite/sign'));
      assertBytes(one.signer.publicKey, signer.publicKey, 'invite/sign');
    }),

    check(
      'whoever has the link joins with all that the invite gives, while nobody else is there',
      async () => {
        const family = await Family.found();
        const invite = await family.invite();
        const bruno = await newPerson();
        const state = await replayPinned(family.id, family.entries, invite.link.head);
        assertEqual(state.invites.get(invite.inviteId)?.state, 'open', 'invite');
        const device = { device: newId<DeviceId>(), sign: (await signerFromSeed(counting(32, 9))).publicKey };
        const join = await writeJoin({
          state,
          now: family.now,
          link: invite.link,
          shown: invite.sealedKeys,
          identity: bruno,
          devices: [device],
        });
        assertEqual(join.keys.length, 2, 'keys');
        for (const key of join.keys) assertBytes(key.key, family.keys.get(key.collection)!.key, 'key');
        assertEqual(join.state.members.get(bruno.public.account)?.role, 'adult', 'role');
        assert(join.state.devices.has(device.device), 'the device is missing');
        for (const shown of join.sealedKeys) {
          const opened = await openGrant(join.state, idOf(bruno), shown);
          assertBytes(opened.key, family.keys.get(shown.collectionId)!.key, 'resealed key');
        }
      },
    ),

    check('a joiner takes no key that the log does not give, and needs the link', async () => {
      const family = await Family.found();
      const invite = await family.invite();
      const [bruno, mallory] = await Promise.all([newPerson(), inviteKeys(invite.link.secret)]);
      const [first, second] = invite.sealedKeys;
      const { sealedKey } = await sealGrant(
        { collection: first!.collectionId, epoch: 1, key: randomBytes(32) },
        'family',
        { id: invite.inviteId, kem: mallory.kem.publicKey },
      );
      const shows = (shown: typeof invite.sealedKeys) => () => family.join(invite, bruno, shown);
      await refuses(shows([{ ...first!, sealedKey }, second!]), ['log-invalid'], 'a swapped key');
      await refuses(shows([first!]), ['log-invalid'], 'a key that is held back');
      await refuses(
        shows([{ ...first!, sealedKey: second!.sealedKey }, second!]),
        ['log-invalid'],
        'exchanged keys',
      );
      const guessed = { ...invite, link: { ...invite.link, secret: randomBytes(32) } };
      await refuses(() => family.join(guessed, bruno), ['sealed-key'], 'another secret');
      const pinned = { ...invite.link.head, root: randomBytes(32) };
      await refuses(
        () => replayPinned(family.id, family.entries, pinned),
        ['log-invalid'],
        'another history',
      );
      await refuses(
        () => replayPinned(family.id, family.entries.slice(0, -1), invite.link.head),
        ['log-invalid'],
        'a shorter log',
      );
    }),
  ];
}

function sharingChecks(): Check[] {
  return [
    check('an album is shared, taken back, and changes its key for those who stay', async () => {
      const family = await Family.found();
      const { owner } = family;
      const bruno = await newPerson();
      family.take(await family.join(await family.invite(), bruno));
      const album = await writeNewAlbum(family.as(owner), newId<AlbumId>());
      family.take(album);
      family.keys.set(album.key.collection, album.key);
      const id = album.key.collection as CollectionId;
      const { account } = bruno.public;
      const share = await writeShare(family.as(owner), album.key, [{ account, role: 'contributor' }]);
      family.take(share);
      const shown = { collectionId: id, epoch: 1, sealedKey: share.sealedKeys[0]!.sealedKey };
      assertBytes((await openGrant(family.state, idOf(bruno), shown)).key, album.key.key, 'shared key');
      await refuses(
        () => openGrant(family.state, idOf(bruno), { ...shown, grantIndex: 0 }),
        ['log-invalid'],
        'another place',
      );
      await refuses(
        () => openGrant(family.state, idOf(owner), shown),
        ['log-invalid'],
        "somebody else's key",
      );
      family.take(await writeUnshare(family.as(owner), id, account));
      await refuses(() => openGrant(family.state, idOf(bruno), shown), ['log-invalid'], 'a replayed grant');
      const { next, sealedKeys } = await family.rotate(owner, id);
      assertEqual(sealedKeys.length, 1, 'the key went to more than the owner');
      const minted = { epoch: 2, ...family.state.collections.get(id)!.minted.get(2)! };
      assertBytes((await openPreviousEpoch(next, minted)).key, album.key.key, 'the key before');
      assertBytes(minted.keyCheck, epochKeyCheck(next), 'key check');
    }),

    check('who was removed opens nothing that came later, with all that the server has', async () => {
      const family = await Family.found();
      const { owner } = family;
      const [bruno, carla] = await Promise.all([newPerson(), newPerson()]);
      family.take(await family.join(await family.invite(), bruno));
      const invite = await family.invite();
      const vault = vaultAlbum(family.state)!;
      const old = family.keyOf(vault);
      family.take(await writeRemoval(family.as(owner), bruno.public.account));
      assertEqual(rotationsDue(family.state).length, 2, 'rotations');
      const { sealedKeys, next } = await family.rotate(owner, vault);
      const everything = [...sealedKeys.map(({ sealedKey }) => sealedKey)];
      for (const sealedKey of everything) {
        const shown = { collectionId: vault, epoch: 2, sealedKey };
        await refuses(() => openGrant(family.state, idOf(bruno), shown), ['log-invalid'], 'a later key');
      }
      const minted = { epoch: 2, ...family.state.collections.get(vault)!.minted.get(2)! };
      await refuses(
        () => openPreviousEpoch({ ...old, epoch: 2 }, minted),
        ['wrap'],
        'the old key as the new one',
      );
      // The open invite was given the new key, so whoever joins by it has both.
      await family.rotate(owner, familyCollection(family.state));
      const shown = [...family.state.collections].flatMap(([collectionId, { epoch, invited }]) => {
        const sealed = collectionId === vault ? sealedKeys.find((one) => 'inviteId' in one) : undefined;
        return invited.size > 0 && sealed
          ? [{ collectionId, epoch, sealedKey: new Uint8Array(sealed.sealedKey) }]
          : [];
      });
      const opened = await openGrant(
        family.state,
        { id: invite.inviteId, kem: (await inviteKeys(invite.link.secret)).kem },
        shown[0]!,
      );
      assertBytes(opened.key, next.key, 'the key that the invite got');
      await refuses(() => family.join(invite, carla), ['log-invalid'], 'the keys from before the removal');
    }),

    check('a key that is not the one that was announced is refused', async () => {
      const family = await Family.found();
      const { owner } = family;
      const vault = vaultAlbum(family.state)!;
      // A dishonest minter signs for another key than the one that the statement checks.
      const honest = await writeRotation(family.as(owner), family.keyOf(vault));
      const [statement] = honest.entries;
      const wrong = { collection: vault, epoch: 2, key: randomBytes(32) };
      const { event, sealedKey } = await grantTo(family.state, wrong, owner.public.account, 'manager');
      const opened = await openEntry(statement!);
      const state = await applyEntry(family.state, opened);
      const { value } = await logEntryStatement.verify(honest.entries[1]!);
      const forged = await applyEntry(
        state,
        await openEntry(await logEntryStatement.sign({ ...value, event }, owner.signer)),
      );
      const shown = { collectionId: vault, epoch: 2, sealedKey };
      await refuses(() => openGrant(forged, idOf(owner), shown), ['wrap'], 'another key');
    }),

    check('nobody can write what the family does not allow', async () => {
      const family = await Family.found();
      const bruno = await newPerson();
      family.take(await family.join(await family.invite(), bruno));
      const { account } = family.owner.public;
      await refuses(() => writeRemoval(family.as(bruno), account), ['log-invalid'], 'removing the owner');
      await refuses(
        () => writeInvite({ ...family.as(bruno), role: 'viewer', keyOf: family.keyOf }),
        ['log-invalid'],
        'inviting as an adult',
      );
    }),
  ];
}

export const familyChecks = (): Check[] => [...inviteChecks(), ...sharingChecks()];
