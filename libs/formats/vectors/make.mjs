/** Makes formats.json. Frozen: run it only to add cases, and see that the old ones stay as they are. */
import { writeFileSync } from 'node:fs';
import { blockHashes, cbor, counting, ed25519, envelope, id, note, sha256, trailer } from './plain-formats.mjs';

const uuid = (n) => `01890000-0000-7000-8000-${n.toString(16).padStart(12, '0')}`;
const ids = {
  account: uuid(1),
  device: uuid(2),
  library: uuid(3),
  photo: uuid(4),
  version: uuid(5),
  album: uuid(6),
  family: uuid(7),
  unlock: uuid(8),
};
const createdAt = 1_790_000_000_000;
const signer = ed25519(counting(32));

const sealed = (size) => 56 + size + 16 * (Math.floor(size / 16384) + 1);
let offset = 0;
const parts = [
  ['thumbnail', 700],
  ['metadata', 200],
  ['original', 1_100_000],
].map(([label, size]) => {
  const part = { label, offset, length: sealed(size), size };
  offset += part.length;
  return part;
});
const body = counting(offset);
const manifest = {
  suite: 1,
  library: id(ids.library),
  photo: id(ids.photo),
  version: id(ids.version),
  revision: 1,
  author: id(ids.account),
  device: id(ids.device),
  createdAt,
  parts,
  blocks: blockHashes(body),
  commitment: counting(32, 9),
};
const wrap = { library: id(ids.library), epoch: 3, key: counting(60) };

const entry = {
  suite: 1,
  family: id(ids.family),
  index: 0,
  head: sha256(Buffer.alloc(0)),
  author: id(ids.account),
  at: createdAt,
  event: { kind: 'family-created', sign: signer.publicKey, kem: counting(1216) },
};
const grant = {
  ...entry,
  index: 1,
  head: sha256(Buffer.of(0), envelope('log-entry', cbor(entry), signer)),
  event: {
    kind: 'granted',
    scope: 'album',
    collection: id(ids.album),
    epoch: 1,
    grantee: id(ids.account),
    granteeIdentity: counting(32, 1),
    role: 'manager',
    sealedKeyHash: counting(32, 2),
  },
};
const leaf = (one) => sha256(Buffer.of(0), envelope('log-entry', cbor(one), signer));
const dissolution = {
  ...entry,
  index: 2,
  head: sha256(Buffer.of(1), leaf(entry), leaf(grant)),
  event: { kind: 'family-dissolved' },
};
const item = {
  suite: 1,
  album: id(ids.album),
  epoch: 2,
  photo: id(ids.photo),
  version: id(ids.version),
  wrapHash: counting(32, 3),
  addedBy: id(ids.account),
  addedAt: createdAt,
};
const metadata = {
  name: 'Grüße 🏔.heic',
  mediaType: 'image/heic',
  size: 1_100_000,
  sha256: counting(32),
  takenAt: { local: '2024-07-01T12:00:00', offsetMinutes: 120 },
  place: { lat: 46.123456, lon: 8.75 + 1e-9 },
  width: 4032,
  height: 3024,
};
const unlock = {
  suite: 1,
  account: id(ids.account),
  unlock: id(ids.unlock),
  kind: 'password',
  publicKey: counting(1216, 1),
  identityPin: counting(32, 4),
  sealedMasterKeyHash: counting(32, 5),
};
const notes = { caption: 'Opa am See ☀', favourite: true };
const photoNotes = {
  suite: 1,
  library: id(ids.library),
  epoch: 3,
  photo: id(ids.photo),
  revision: 4,
  author: id(ids.account),
  writtenAt: createdAt,
  sealed: counting(92, 6),
};
const place = [id(ids.library), id(ids.photo), id(ids.version), 'original', 1];
const binding = ['file-key', id(ids.library), 3, id(ids.version)];
const identity = { suite: 1, account: id(ids.account), sign: signer.publicKey, kem: counting(1216) };
const origin = `heirloom/family/${ids.family}`;

const hex = (bytes) => bytes.toString('hex');
const vectors = {
  ids,
  createdAt,
  signerSeed: hex(counting(32)),
  signerPublicKey: hex(signer.publicKey),
  bodyLength: offset,
  partContext: hex(cbor([1, 'part', ...place])),
  wrapContext: hex(cbor([1, 'wrap', ...binding])),
  sealContext: hex(cbor([1, 'seal', ...binding])),
  recordContext: hex(cbor([1, 'record', ...binding])),
  manifest: hex(cbor(manifest)),
  trailer: hex(trailer(manifest, wrap, signer)),
  metadata: hex(cbor(metadata)),
  unlock: hex(cbor(unlock)),
  identityHash: hex(sha256(cbor(identity))),
  logEntries: [entry, grant, dissolution].map((one) => hex(envelope('log-entry', cbor(one), signer))),
  albumItem: hex(envelope('album-item', cbor(item), signer)),
  notes: hex(cbor(notes)),
  photoNotes: hex(envelope('photo-notes', cbor(photoNotes), signer)),
  checkpoint: note(`${origin}\n7\n${counting(32).toString('base64')}\n`, 'heirloom.example/log', signer),
};
writeFileSync(new URL('formats.json', import.meta.url), `${JSON.stringify(vectors, null, 1)}\n`);
