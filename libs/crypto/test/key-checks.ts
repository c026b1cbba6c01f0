import {
  keyring as keyringSchema,
  unlock as unlockSchema,
  type AccountId,
  type LibraryId,
  type Unlock,
  type UnlockId,
} from '@heirloom/contracts';
import { encodeCanonical, purposes, sealContext, type Binding } from '@heirloom/formats';
import { Aes256Gcm, CipherSuite, HkdfSha256 } from '@hpke/core';
import { XWing } from '@hpke/hybridkem-x-wing';
import fc from 'fast-check';
import { z } from 'zod';
import {
  createKeyring,
  kemKeyPair,
  libraryKey,
  makeUnlock,
  mintEpoch,
  openKeyring,
  openPreviousEpoch,
  openRecord,
  openSealedKey,
  openText,
  randomBytes,
  resealUnlock,
  sealKey,
  sealRecord,
  sealText,
  storeKeyring,
  unwrapKey,
  wrapKey,
  type EpochKey,
  type MintedEpoch,
} from '../src/index.ts';
import {
  assertBytes,
  assertEqual,
  check,
  counting,
  flipBit,
  inParallel,
  refuses,
  unhex,
  type Check,
  type SuiteInput,
} from './check.ts';

const uuid = (n: number) => `01890000-0000-7000-8000-${n.toString(16).padStart(12, '0')}`;
const key = counting(32, 1);
const binding: Binding = { purpose: 'file-key', collection: uuid(3), epoch: 2, object: uuid(5) };

/** The binding with each of its fields changed. */
const otherBindings: Binding[] = [
  ...purposes.filter((purpose) => purpose !== binding.purpose).map((purpose) => ({ ...binding, purpose })),
  { ...binding, collection: uuid(4) },
  { ...binding, epoch: 3 },
  { ...binding, object: uuid(6) },
  { ...binding, collection: binding.object, object: binding.collection },
];

function smallChecks(): Check[] {
  return [
    check('wraps open for their key, purpose and place alone', async () => {
      const wrapped = await wrapKey(key, binding, counting(32, 7));
      assertEqual(wrapped.length, 60, 'length');
      assertBytes(await unwrapKey(key, binding, wrapped), counting(32, 7), 'unwrapped');
      for (const other of otherBindings) {
        await refuses(() => unwrapKey(key, other, wrapped), ['wrap'], JSON.stringify(other));
      }
      await inParallel(60 * 8, (bit) =>
        refuses(() => unwrapKey(key, binding, flipBit(wrapped, bit)), ['wrap'], `bit ${bit}`),
      );
      await inParallel(256, (bit) =>
        refuses(() => unwrapKey(flipBit(key, bit), binding, wrapped), ['wrap'], `key bit ${bit}`),
      );
      for (const length of [0, 11, 28, 59]) {
        await refuses(
          () => unwrapKey(key, binding, wrapped.subarray(0, length)),
          ['wrap'],
          `${length} bytes`,
        );
      }
      await refuses(() => openRecord(key, binding, wrapped), ['record'], 'a wrap as a record');
    }),
    check('texts come back and their length hides in steps of 64 bytes', async () => {
      const name: Binding = { purpose: 'album-name', collection: uuid(6), epoch: 1, object: uuid(6) };
      await fc.assert(
        fc.asyncProperty(fc.string({ unit: 'grapheme', maxLength: 200 }), async (text) => {
          const sealed = await sealText(key, name, text);
          assertEqual((sealed.length - 28) % 64, 0, 'length');
          assertEqual(await openText(key, name, sealed), text, 'text');
        }),
        { numRuns: 40 },
      );
      const sealed = await sealRecord(key, name, counting(20));
      await inParallel(sealed.length * 8, (bit) =>
        refuses(() => openRecord(key, name, flipBit(sealed, bit)), ['record'], `bit ${bit}`),
      );
      for (const other of otherBindings) {
        await refuses(() => openRecord(key, other, sealed), ['record'], JSON.stringify(other));
      }
      for (const length of [0, 12, 27, 28, sealed.length - 1]) {
        await refuses(() => openRecord(key, name, sealed.subarray(0, length)), ['record'], `${length} bytes`);
      }
      const invalid = await sealRecord(key, name, Uint8Array.of(0xc3, 0x28));
      await refuses(() => openText(key, name, invalid), ['record'], 'not UTF-8');
    }),
  ];
}

function epochChecks(): Check[] {
  return [
    check('an epoch leads to the one before, with the announced key alone', async () => {
      const first = { collection: uuid(6), epoch: 1, key };
      const { next, minted } = await mintEpoch(first);
      assertEqual(next.epoch, 2, 'epoch');
      const previous = await openPreviousEpoch(next, minted);
      assertBytes(previous.key, key, 'the key before');
      assertEqual(previous.epoch, 1, 'the epoch before');
      const third = await mintEpoch(next);
      const wrong: [string, EpochKey, MintedEpoch][] = [
        ['the old key', { ...next, key }, minted],
        ['another collection', { ...next, collection: uuid(7) }, minted],
        ['another epoch', { ...next, epoch: 3 }, minted],
        ["a later epoch's statement", next, third.minted],
        ['a later wrap', next, { ...minted, previousKey: third.minted.previousKey }],
        ['another check', next, { ...minted, keyCheck: counting(32) }],
      ];
      for (const [what, from, statement] of wrong) {
        await refuses(() => openPreviousEpoch(from, statement), ['wrap'], what);
      }
    }),
  ];
}

function hpkeChecks({ vectors }: SuiteInput): Check[] {
  return [
    check('sealed keys open for their recipient, purpose and place alone', async () => {
      const pair = await kemKeyPair(counting(32));
      const sealed = await sealKey(pair.publicKey, binding, key);
      assertEqual(sealed.length, 1168, 'length');
      assertBytes(await openSealedKey(pair, binding, sealed), key, 'opened');
      for (const other of otherBindings.slice(-4)) {
        await refuses(() => openSealedKey(pair, other, sealed), ['sealed-key'], JSON.stringify(other));
      }
      const stranger = await kemKeyPair(counting(32, 1));
      await refuses(() => openSealedKey(stranger, binding, sealed), ['sealed-key'], 'another recipient');
      for (let byte = 0; byte < sealed.length; byte += 29) {
        await refuses(
          () => openSealedKey(pair, binding, flipBit(sealed, byte * 8 + (byte % 8))),
          ['sealed-key'],
          `byte ${byte}`,
        );
      }
      await refuses(() => openSealedKey(pair, binding, sealed.subarray(1)), ['sealed-key'], 'a cut');
      await refuses(() => sealKey(counting(1215), binding, key), ['identity'], 'a short public key');
    }),
    check('another HPKE library opens what this one seals', async () => {
      const { publicKey, privateKey } = vectors.hpke;
      const kem = new XWing();
      const suite = new CipherSuite({ kem, kdf: new HkdfSha256(), aead: new Aes256Gcm() });
      const recipientKey = await kem.importKey('raw', unhex(privateKey).buffer, false);
      const sealed = await sealKey(unhex(publicKey), binding, key);
      const info = new TextEncoder().encode('heirloom/1/sealed-key');
      const recipient = { recipientKey, enc: sealed.slice(0, 1120), info };
      const opened = await suite.open(recipient, sealed.slice(1120), sealContext(binding));
      assertBytes(new Uint8Array(opened), key, 'opened');
    }),
  ];
}

const account = uuid(1) as AccountId;
const library = uuid(3) as LibraryId;
const unlockId = uuid(8) as UnlockId;
const secret = counting(64, 5);

/** Through JSON and back, as the server carries it. */
const overTheWire = <S extends z.ZodType>(schema: S, value: z.output<S>) =>
  z.decode(schema, JSON.parse(JSON.stringify(z.encode(schema, value))) as z.input<S>);

async function newAccount() {
  const open = await createKeyring(account, library);
  const unlock = overTheWire(unlockSchema, await makeUnlock(open, { unlockId, kind: 'password', secret }));
  const keyring = overTheWire(keyringSchema, await storeKeyring(open));
  return { open, stored: { accountId: account, unlock, keyring } };
}

function keyringChecks(): Check[] {
  return [
    check('a keyring opens with its unlock secret and is the same', async () => {
      const { open, stored } = await newAccount();
      const again = await openKeyring(stored, secret);
      assertBytes(again.masterKey, open.masterKey, 'master key');
      assertBytes(encodeCanonical(again.identity.public), encodeCanonical(open.identity.public), 'identity');
      assertBytes(libraryKey(again, library).key, libraryKey(open, library).key, 'library key');
      assertEqual(again.account, account, 'account');
    }),
    check('a keyring does not open with another secret, account or unlock', async () => {
      const { open, stored } = await newAccount();
      await refuses(() => openKeyring(stored, flipBit(secret, 3)), ['unlock'], 'another secret');
      const stranger = { ...stored, accountId: uuid(2) as AccountId };
      await refuses(() => openKeyring(stranger, secret), ['identity'], 'another account');
      const second = await makeUnlock(open, {
        unlockId: uuid(9) as UnlockId,
        kind: 'recovery',
        secret: counting(32),
      });
      const mixed = { ...stored, unlock: { ...stored.unlock, sealedMasterKey: second.sealedMasterKey } };
      await refuses(() => openKeyring(mixed, secret), ['signature'], "another unlock's sealed key");
      const renamed: Unlock = { ...stored.unlock, kind: 'recovery' };
      await refuses(() => openKeyring({ ...stored, unlock: renamed }, secret), ['unlock'], 'another kind');
      const moved = { ...stored.unlock, unlockId: uuid(9) as UnlockId };
      await refuses(
        () => openKeyring({ ...stored, unlock: moved }, secret),
        ['signature'],
        'another unlock id',
      );
      const other = await makeUnlock(open, { unlockId, kind: 'password', secret: randomBytes(32) });
      await refuses(() => openKeyring({ ...stored, unlock: other }, secret), ['unlock'], 'another key pair');
    }),
    check('a server cannot hand out a keyring of its own making', async () => {
      const { stored } = await newAccount();
      const forged = await createKeyring(account, library);
      // All that a server has: the public key and pin of the unlock.
      const unlock = await resealUnlock(forged, stored.unlock);
      const keyring = await storeKeyring(forged);
      await refuses(
        () => openKeyring({ accountId: account, unlock, keyring }, secret),
        ['identity'],
        'all forged',
      );
      const half = { ...stored, unlock };
      await refuses(() => openKeyring(half, secret), ['signature'], 'a forged master key');
      const wraps = { ...stored, keyring: { ...keyring, identity: stored.keyring.identity } };
      await refuses(() => openKeyring(wraps, secret), ['wrap'], 'forged libraries');
    }),
    check('a keyring refuses changed public keys, wraps and epochs', async () => {
      const { stored } = await newAccount();
      const { identity, libraries } = stored.keyring;
      const changed: [string, object][] = [
        ['signing key', { signPublicKey: flipBit(identity.signPublicKey, 9) }],
        ['KEM key', { kemPublicKey: flipBit(identity.kemPublicKey, 9) }],
        ['signing seed', { wrappedSignSeed: identity.wrappedKemSeed }],
        ['KEM seed', { wrappedKemSeed: identity.wrappedSignSeed }],
      ];
      for (const [what, change] of changed) {
        const keyring = { ...stored.keyring, identity: { ...identity, ...change } };
        await refuses(() => openKeyring({ ...stored, keyring }, secret), ['identity', 'wrap'], what);
      }
      const keyring = { ...stored.keyring, libraries: libraries.map((one) => ({ ...one, epoch: 2 })) };
      await refuses(() => openKeyring({ ...stored, keyring }, secret), ['wrap'], 'epoch');
    }),
    check('a new master key is sealed to an unlock without its secret', async () => {
      const { open, stored } = await newAccount();
      const rotated = { ...open, masterKey: randomBytes(32) };
      const next = {
        ...stored,
        unlock: await resealUnlock(rotated, stored.unlock),
        keyring: await storeKeyring(rotated),
      };
      assertBytes((await openKeyring(next, secret)).masterKey, rotated.masterKey, 'master key');
      await refuses(
        () => openKeyring({ ...next, unlock: stored.unlock }, secret),
        ['wrap'],
        'the old master key',
      );
    }),
    check('the newest epoch of a library is found', async () => {
      const { open } = await newAccount();
      const later = { library, epoch: 2, key: counting(32) };
      const keyring = { ...open, libraries: [later, ...open.libraries] };
      assertEqual(libraryKey(keyring, library).epoch, 2, 'newest');
      assertEqual(libraryKey(keyring, library, 1).epoch, 1, 'by epoch');
      await refuses(async () => libraryKey(keyring, uuid(4) as LibraryId), ['wrap'], 'another library');
      await refuses(async () => libraryKey(keyring, library, 3), ['wrap'], 'another epoch');
    }),
  ];
}

export const keyChecks = (input: SuiteInput): Check[] => [
  ...smallChecks(),
  ...epochChecks(),
  ...hpkeChecks(input),
  ...keyringChecks(),
];
