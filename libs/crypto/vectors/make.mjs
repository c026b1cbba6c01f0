/**
 * Makes crypto.json by node:crypto and @hpke/core: none of the code that libs/crypto runs. Frozen: run it only to
 * add cases, and see that the old ones stay as they are.
 */
import { Aes256Gcm, CipherSuite, HkdfSha256 } from '@hpke/core';
import { XWing } from '@hpke/hybridkem-x-wing';
import { createCipheriv, createHash, createHmac, hkdfSync } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import {
  blockHashes,
  cbor,
  counting,
  ed25519,
  id,
  sha256,
  trailer,
} from '../../formats/vectors/plain-formats.mjs';

const hex = (bytes) => Buffer.from(bytes).toString('hex');
const uuid = (n) => `01890000-0000-7000-8000-${n.toString(16).padStart(12, '0')}`;

/** The plaintext of all vectors: byte i is (i * 31 + floor(i / 256)) mod 256. */
const plaintext = (size) => Buffer.from(Uint8Array.from({ length: size }, (_, i) => i * 31 + (i >> 8)));

function gcm(key, nonce, aad, message) {
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(aad);
  return Buffer.concat([cipher.update(message), cipher.final(), cipher.getAuthTag()]);
}

function cobblestone(key, salt, context, message) {
  const info = Buffer.concat([Buffer.from('c2sp.org/chunked-encryption@v1+AEAD_AES_256_GCM\0'), salt, context]);
  const mac = (...parts) => createHmac('sha512', key).update(Buffer.concat(parts)).digest();
  const first = mac(info, Buffer.of(1));
  const okm = Buffer.concat([first, mac(first, info, Buffer.of(2))]);
  const [aeadKey, baseNonce, commitment] = [okm.subarray(0, 32), okm.subarray(32, 44), okm.subarray(44, 76)];
  const out = [salt, commitment];
  for (let chunk = 0; chunk * 16384 <= message.length; chunk++) {
    const counter = Buffer.alloc(12);
    counter.writeUInt32BE(chunk, 8);
    const nonce = counter.map((byte, i) => byte ^ baseNonce[i]);
    out.push(gcm(aeadKey, nonce, Buffer.alloc(0), message.subarray(chunk * 16384, (chunk + 1) * 16384)));
  }
  return Buffer.concat(out);
}

const derive = (key, label, context = Buffer.alloc(0)) =>
  Buffer.from(hkdfSync('sha256', key, Buffer.alloc(0), Buffer.concat([Buffer.from(`heirloom/1/${label}\0`), context]), 32));
const mac = (key, message) => createHmac('sha256', key).update(message).digest();

function sealSmall(kind, key, binding, nonce, message) {
  const aad = cbor([1, kind, binding.purpose, id(binding.collection), binding.epoch, id(binding.object)]);
  return Buffer.concat([nonce, gcm(derive(key, kind, aad), nonce, aad, message)]);
}
const wrap = (key, binding, nonce, wrapped) => sealSmall('wrap', key, binding, nonce, wrapped);
function record(key, binding, nonce, message) {
  const padded = Buffer.alloc(Math.ceil((message.length + 1) / 64) * 64);
  message.copy(padded);
  padded[message.length] = 0x80;
  return sealSmall('record', key, binding, nonce, padded);
}

const key = counting(32, 100);
const streams = [0, 1, 255, 16383, 16384, 16385, 32768, 50000, 1048576, 1048577].map((size, i) => {
  const salt = counting(24, i);
  const context = counting(i, 50);
  const sealed = cobblestone(key, salt, context, plaintext(size));
  return { size, key: hex(key), salt: hex(salt), context: hex(context), sealedSha256: hex(sha256(sealed)), ...(size < 300 ? { sealed: hex(sealed) } : {}) };
});

const fileKeyBinding = { purpose: 'file-key', collection: uuid(3), epoch: 3, object: uuid(5) };
const nameBinding = { purpose: 'album-name', collection: uuid(6), epoch: 1, object: uuid(6) };
const names = ['', 'Sommer', 'ü'.repeat(31), 'x'.repeat(63), 'x'.repeat(64)];

/** HPKE's DeriveKeyPair for MLKEM768-X25519. */
async function kemPair(seed) {
  const suiteId = Buffer.from([75, 69, 77, 0x64, 0x7a]);
  const label = Buffer.from('DeriveKeyPair');
  const labeled = Buffer.concat([seed, Buffer.from('HPKE-v1'), suiteId, Buffer.of(0, label.length), label, Buffer.of(0, 32)]);
  const privateKey = createHash('shake256', { outputLength: 32 }).update(labeled).digest();
  const kem = new XWing();
  await kem.importKey('raw', new Uint8Array(privateKey), false);
  return { kem, privateKey, pair: await kem.generateKeyPairDerand(new Uint8Array(privateKey)) };
}

async function hpke(seed, binding) {
  const { kem, privateKey, pair } = await kemPair(seed);
  const suite = new CipherSuite({ kem, kdf: new HkdfSha256(), aead: new Aes256Gcm() });
  const aad = cbor([1, 'seal', binding.purpose, id(binding.collection), binding.epoch, id(binding.object)]);
  const sender = { recipientPublicKey: pair.publicKey, info: Buffer.from('heirloom/1/sealed-key'), ekm: new Uint8Array(counting(64, 7)) };
  const { enc, ct } = await suite.seal(sender, new Uint8Array(counting(32, 40)), new Uint8Array(aad));
  return {
    seed: hex(seed),
    privateKey: hex(privateKey),
    publicKey: hex(await kem.serializePublicKey(pair.publicKey)),
    binding,
    key: hex(counting(32, 40)),
    sealed: hex(Buffer.concat([Buffer.from(enc), Buffer.from(ct)])),
  };
}

/** The last 24 words of BIP-39's own test vectors. */
const recoveryEntropy = Buffer.from('f585c11aec520db57dd353c69554b21a89b20fb0650966fa0a9d6f74fd989d8f', 'hex');
const recoveryWords =
  'void come effort suffer camp survey warrior heavy shoot primary clutch crush open amazing screen patrol group space point ten exist slush involve unfold';

async function recovery() {
  const { kem, pair } = await kemPair(derive(recoveryEntropy, 'unlock/recovery'));
  const accessCode = derive(recoveryEntropy, 'recovery/access-code');
  return {
    words: recoveryWords,
    secret: hex(recoveryEntropy),
    accessCode: hex(accessCode),
    accessHash: hex(sha256(accessCode)),
    publicKeySha256: hex(sha256(Buffer.from(await kem.serializePublicKey(pair.publicKey)))),
  };
}

function object() {
  const ids = { library: uuid(3), photo: uuid(4), version: uuid(5), author: uuid(1), device: uuid(2) };
  const libraryKey = counting(32, 200);
  const fileKey = counting(32, 201);
  const layout = [
    ['thumbnail', 500],
    ['metadata', 90],
    ['original', 40000],
  ];
  const sealedParts = layout.map(([label, size], i) => {
    const context = cbor([1, 'part', id(ids.library), id(ids.photo), id(ids.version), label, 1]);
    return cobblestone(derive(fileKey, 'part', Buffer.from(label)), counting(24, i), context, plaintext(size));
  });
  const body = Buffer.concat(sealedParts);
  let offset = 0;
  const parts = layout.map(([label, size], i) => {
    const part = { label, offset, length: sealedParts[i].length, size };
    offset += part.length;
    return part;
  });
  const manifest = {
    suite: 1,
    ...Object.fromEntries(Object.entries(ids).map(([name, value]) => [name, id(value)])),
    revision: 1,
    createdAt: 1_790_000_000_000,
    parts,
    blocks: blockHashes(body),
    commitment: mac(derive(fileKey, 'plaintext-commitment'), sha256(plaintext(40000))),
  };
  const wrapped = wrap(libraryKey, fileKeyBinding, counting(12, 3), fileKey);
  const end = trailer(manifest, { library: id(ids.library), epoch: 3, key: wrapped }, ed25519(counting(32)));
  const bytes = Buffer.concat([body, end]);
  return {
    ids,
    libraryKey: hex(libraryKey),
    fileKey: hex(fileKey),
    signerSeed: hex(counting(32)),
    wrap: hex(wrapped),
    sizes: Object.fromEntries(layout),
    salts: layout.map((_, i) => hex(counting(24, i))),
    trailer: hex(end),
    sha256: hex(sha256(bytes)),
  };
}

const vectors = {
  streams,
  derive: {
    key: hex(key),
    part: hex(derive(key, 'part', Buffer.from('original'))),
    pin: hex(mac(derive(key, 'identity-pin'), counting(32))),
    commitment: hex(mac(derive(key, 'plaintext-commitment'), counting(32))),
    unlock: hex(derive(key, 'unlock/password')),
  },
  wrap: { key: hex(key), binding: fileKeyBinding, wrapped: hex(wrap(key, fileKeyBinding, counting(12), counting(32, 9))), unwrapped: hex(counting(32, 9)) },
  records: names.map((text, i) => ({ key: hex(key), binding: nameBinding, text, sealed: hex(record(key, nameBinding, counting(12, i), Buffer.from(text))) })),
  /** Authentic, but with padding that nobody makes: no mark, and nothing but zeros. */
  badRecords: [counting(64, 1), Buffer.alloc(64)].map((padded, i) => ({ key: hex(key), binding: nameBinding, sealed: hex(sealSmall('record', key, nameBinding, counting(12, 50 + i), padded)) })),
  hpke: await hpke(counting(32, 60), { purpose: 'master-key', collection: uuid(1), epoch: 1, object: uuid(8) }),
  object: object(),
  recovery: await recovery(),
};
writeFileSync(new URL('crypto.json', import.meta.url), `${JSON.stringify(vectors, null, 1)}\n`);
