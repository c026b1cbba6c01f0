import { partContext } from '@heirloom/formats';
import { AEAD_ChaCha20Poly1305, KDF_HKDF_SHA256, KDF_SHAKE256, KEM_MLKEM768_X25519 } from '@panva/hpke-noble';
import { CipherSuite } from 'hpke';
import {
  cobblestoneSecrets,
  deriveKey,
  identityPin,
  kemKeyPair,
  open,
  openRecord,
  openSealedKey,
  openText,
  partKey,
  plaintextCommitment,
  seal,
  signerFromSeed,
  unwrapKey,
} from '../src/index.ts';
import {
  assert,
  assertBytes,
  assertEqual,
  check,
  collect,
  counting,
  hex,
  inPieces,
  join,
  refuses,
  sample,
  unhex,
  type Check,
  type SuiteInput,
} from './check.ts';
import type { PublishedCobblestone, PublishedHpke } from './vectors.ts';

const inflate = (bytes: Uint8Array<ArrayBuffer>) =>
  new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream('deflate')))
    .arrayBuffer()
    .then((buffer) => new Uint8Array(buffer));
const sha512 = async (bytes: Uint8Array<ArrayBuffer>) =>
  hex(new Uint8Array(await globalThis.crypto.subtle.digest('SHA-512', bytes)));

type CobblestoneCase = PublishedCobblestone['testGroups'][number]['tests'][number];

async function publishedCobblestone({ ports }: SuiteInput, test: CobblestoneCase): Promise<void> {
  const options = { key: unhex(test.key), context: unhex(test.ctx), ports };
  const sealed = await inflate(unhex(test.ct));
  if (test.aeadKey && test.baseNonce) {
    const secrets = cobblestoneSecrets(options.key, sealed.subarray(0, 24), options.context);
    assertEqual(hex(secrets.aeadKey), test.aeadKey, 'AEAD key');
    assertEqual(hex(secrets.baseNonce), test.baseNonce, 'base nonce');
  }
  const opened: Uint8Array[] = [];
  let refused = false;
  try {
    for await (const bytes of open(inPieces(sealed), options)) opened.push(bytes);
  } catch {
    refused = true;
  }
  assertEqual(refused, test.result === 'invalid', 'refused');
  const plaintext = join(opened);
  if (refused) return assert(plaintext.length <= (test.msgLength ?? 0), 'gave out more than is valid');
  assertEqual(plaintext.length, test.msgLength, 'length');
  assertEqual(await sha512(plaintext), test.msgSha512, 'SHA-512');
  const again = await collect(seal(inPieces(plaintext), { ...options, salt: sealed.slice(0, 24) }));
  assertBytes(again, sealed, 'sealed again');
}

async function publishedHpke(test: PublishedHpke[number]): Promise<void> {
  const kdf = test.kdf_id === 1 ? KDF_HKDF_SHA256 : KDF_SHAKE256;
  const suite = new CipherSuite(KEM_MLKEM768_X25519, kdf, AEAD_ChaCha20Poly1305);
  assertEqual(suite.KDF.id, test.kdf_id, 'KDF');
  assertEqual(suite.AEAD.id, test.aead_id, 'AEAD');
  const pair = await suite.DeriveKeyPair(unhex(test.ikmR), true);
  assertEqual(hex(await suite.SerializePrivateKey(pair.privateKey)), test.skRm, 'private key');
  assertEqual(hex(await suite.SerializePublicKey(pair.publicKey)), test.pkRm, 'public key');
  const recipient = await suite.SetupRecipient(pair, unhex(test.enc), { info: unhex(test.info) });
  for (const { aad, ct, pt } of test.encryptions) {
    assertEqual(hex(await recipient.Open(unhex(ct), unhex(aad))), pt, 'plaintext');
  }
  for (const { exporter_context, L, exported_value } of test.exports) {
    assertEqual(hex(await recipient.Export(unhex(exporter_context), L)), exported_value, 'export');
  }
}

/** The published cases: all of them where the files are at hand, none elsewhere. */
function publishedChecks(input: SuiteInput): Check[] {
  const { cobblestone, hpke } = input.published;
  const cases = cobblestone?.testGroups.flatMap((group) => group.tests) ?? [];
  const kem = (hpke ?? []).filter((test) => test.kem_id === 0x647a);
  return [
    ...cases.map((test) =>
      check(`C2SP chunked-encryption ${test.tcId}: ${test.comment}`, () => publishedCobblestone(input, test)),
    ),
    ...kem.map((test) => check(`hpke-pq kem 0x647a, kdf ${test.kdf_id}`, () => publishedHpke(test))),
  ];
}

/** RFC 8032 §7.1, test 1. */
const rfc8032 = {
  seed: '9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60',
  publicKey: 'd75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a',
  signature:
    'e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b',
};

export function vectorChecks(input: SuiteInput): Check[] {
  const { ports, vectors } = input;
  return [
    ...publishedChecks(input),
    ...vectors.streams.map((test) =>
      check(`frozen stream of ${test.size} bytes`, async () => {
        const options = { key: unhex(test.key), context: unhex(test.context), ports };
        const sealed = await collect(
          seal(inPieces(sample(test.size)), { ...options, salt: unhex(test.salt) }),
        );
        assertEqual(hex(await ports.digest(sealed)), test.sealedSha256, 'SHA-256');
        if (test.sealed) assertEqual(hex(sealed), test.sealed, 'bytes');
        assertBytes(await collect(open(inPieces(sealed), options)), sample(test.size), 'opened');
      }),
    ),
    check('frozen derived keys', async () => {
      const { key, part, pin, commitment, unlock } = vectors.derive;
      assertEqual(hex(partKey(unhex(key), 'original')), part, 'part key');
      assertEqual(hex(identityPin(unhex(key), counting(32))), pin, 'pin');
      assertEqual(hex(plaintextCommitment(unhex(key), counting(32))), commitment, 'commitment');
      assertEqual(hex(deriveKey(unhex(key), 'unlock/password')), unlock, 'unlock seed');
      await Promise.resolve();
    }),
    check('frozen wrap', async () => {
      const { key, binding, wrapped, unwrapped } = vectors.wrap;
      assertEqual(hex(await unwrapKey(unhex(key), binding, unhex(wrapped))), unwrapped, 'key');
    }),
    check('frozen sealed texts', async () => {
      for (const { key, binding, text, sealed } of vectors.records) {
        assertEqual(await openText(unhex(key), binding, unhex(sealed)), text, 'text');
      }
    }),
    check('frozen sealed records with bad padding are refused', async () => {
      for (const { key, binding, sealed } of vectors.badRecords) {
        await refuses(() => openRecord(unhex(key), binding, unhex(sealed)), ['record'], 'bad padding');
      }
    }),
    check('frozen key sealed by another HPKE library', async () => {
      const { seed, publicKey, binding, key, sealed } = vectors.hpke;
      const pair = await kemKeyPair(unhex(seed));
      assertEqual(hex(pair.publicKey), publicKey, 'public key');
      assertEqual(hex(await openSealedKey(pair, binding, unhex(sealed))), key, 'key');
    }),
    check('Ed25519 as RFC 8032 has it', async () => {
      const signer = await signerFromSeed(unhex(rfc8032.seed));
      assertEqual(hex(signer.publicKey), rfc8032.publicKey, 'public key');
      assertEqual(hex(await signer.sign(new Uint8Array())), rfc8032.signature, 'signature');
    }),
    check('frozen part keys and contexts open a frozen part', async () => {
      const { ids, fileKey, salts } = vectors.object;
      const context = partContext({ ...ids, label: 'thumbnail', revision: 1 });
      const options = { key: partKey(unhex(fileKey), 'thumbnail'), context, ports };
      const sealed = await collect(seal(inPieces(sample(500)), { ...options, salt: unhex(salts[0]!) }));
      assertBytes(await collect(open(inPieces(sealed), options)), sample(500), 'opened');
    }),
  ];
}
