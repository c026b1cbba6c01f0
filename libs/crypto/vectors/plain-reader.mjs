/**
 * Reads a sealed object by docs/FORMAT.md alone, with node:crypto and no library: the proof that a stranger could.
 * Usage: node plain-reader.mjs OBJECT LIBRARY_KEY_HEX [PART] > FILE
 */
import { createDecipheriv, createHash, createHmac, createPublicKey, hkdfSync, verify } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { cbor } from '../../formats/vectors/plain-formats.mjs';

const must = (condition, message) => {
  if (!condition) throw new Error(message);
};

/** Decodes CBOR and returns [value, offset after it]. */
function decode(bytes, at) {
  const major = bytes[at] >> 5;
  const info = bytes[at] & 31;
  const width = { 24: 1, 25: 2, 26: 4, 27: 8 }[info] ?? 0;
  if (major === 7) {
    must(info === 27, 'a number in a width that objects do not use');
    return [bytes.readDoubleBE(at + 1), at + 9];
  }
  const n = width === 8 ? Number(bytes.readBigUInt64BE(at + 1)) : width ? bytes.readUIntBE(at + 1, width) : info;
  let next = at + 1 + width;
  if (major === 0) return [n, next];
  if (major === 2) return [bytes.subarray(next, next + n), next + n];
  if (major === 3) return [bytes.toString('utf8', next, next + n), next + n];
  const items = [];
  for (let i = 0; i < (major === 5 ? 2 * n : n); i++) {
    const [item, after] = decode(bytes, next);
    items.push(item);
    next = after;
  }
  if (major === 4) return [items, next];
  return [Object.fromEntries(items.flatMap((key, i) => (i % 2 ? [] : [[key, items[i + 1]]]))), next];
}

function record(bytes) {
  const [value, end] = decode(bytes, 0);
  must(end === bytes.length && cbor(value).equals(bytes), 'a record is not canonical');
  return value;
}

const derive = (key, label, context = Buffer.alloc(0)) =>
  Buffer.from(hkdfSync('sha256', key, '', Buffer.concat([Buffer.from(`heirloom/1/${label}\0`), context]), 32));

function openGcm(key, nonce, aad, sealed) {
  const decipher = createDecipheriv('aes-256-gcm', key, nonce).setAAD(aad).setAuthTag(sealed.subarray(-16));
  return Buffer.concat([decipher.update(sealed.subarray(0, -16)), decipher.final()]);
}

function openCobblestone(key, context, sealed) {
  const salt = sealed.subarray(0, 24);
  const info = Buffer.concat([Buffer.from('c2sp.org/chunked-encryption@v1+AEAD_AES_256_GCM\0'), salt, context]);
  const mac = (...parts) => createHmac('sha512', key).update(Buffer.concat(parts)).digest();
  const first = mac(info, Buffer.of(1));
  const secrets = Buffer.concat([first, mac(first, info, Buffer.of(2))]);
  must(secrets.subarray(44, 76).equals(sealed.subarray(24, 56)), 'the commitment differs');
  const chunks = [];
  for (let k = 0, at = 56; ; k++, at += 16400) {
    const counter = Buffer.alloc(12);
    counter.writeUInt32BE(k, 8);
    const nonce = counter.map((byte, i) => byte ^ secrets[32 + i]);
    const chunk = sealed.subarray(at, at + 16400);
    chunks.push(openGcm(secrets.subarray(0, 32), nonce, Buffer.alloc(0), chunk));
    if (chunk.length < 16400) return Buffer.concat(chunks);
  }
}

/** The plaintext of one part, after every check that needs no other key than the library's. */
export function readPart(object, libraryKey, label) {
  const footer = object.subarray(-16);
  must(footer.toString('latin1', 8) === 'HEIRLOOM' && footer.readUInt32BE(0) === 1, 'this is not an object');
  const trailer = record(object.subarray(-16 - footer.readUInt32BE(4), -16));
  const { signature, ...signed } = trailer;
  const spki = Buffer.concat([Buffer.from('302a300506032b6570032100', 'hex'), trailer.signer]);
  const publicKey = createPublicKey({ key: spki, format: 'der', type: 'spki' });
  const message = Buffer.concat([Buffer.from('heirloom/1/trailer\0'), cbor(signed)]);
  must(verify(null, message, publicKey, signature), 'the signature is wrong');

  const manifest = record(trailer.manifest);
  const { library, epoch, key: wrapped } = trailer.wrap;
  const aad = cbor([1, 'wrap', 'file-key', library, epoch, manifest.version]);
  const fileKey = openGcm(derive(libraryKey, 'wrap', aad), wrapped.subarray(0, 12), aad, wrapped.subarray(12));
  const part = manifest.parts.find((one) => one.label === label);
  const { photo, version, revision } = manifest;
  const context = cbor([1, 'part', library, photo, version, label, revision]);
  const sealed = object.subarray(part.offset, part.offset + part.length);
  const plaintext = openCobblestone(derive(fileKey, 'part', Buffer.from(label)), context, sealed);
  if (label === 'original') {
    const hash = createHash('sha256').update(plaintext).digest();
    const commitment = createHmac('sha256', derive(fileKey, 'plaintext-commitment')).update(hash).digest();
    must(commitment.equals(manifest.commitment), 'the commitment to the original differs');
  }
  return plaintext;
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const [, , file, key, label = 'original'] = process.argv;
  process.stdout.write(readPart(readFileSync(file), Buffer.from(key, 'hex'), label));
}
