/**
 * The formats of suite 1 once more, written from docs/FORMAT.md with node:crypto alone. It shares no code with the
 * libraries: what it makes is frozen in the JSON files beside it, and the libraries are checked against them.
 */
import { createHash, createPrivateKey, createPublicKey, sign } from 'node:crypto';

const head = (major, n) => {
  const first = major << 5;
  if (n < 24) return Buffer.of(first | n);
  if (n < 2 ** 8) return Buffer.of(first | 24, n);
  const wide = Buffer.alloc(9);
  if (n < 2 ** 16) {
    wide[0] = first | 25;
    wide.writeUInt16BE(n, 1);
    return wide.subarray(0, 3);
  }
  if (n < 2 ** 32) {
    wide[0] = first | 26;
    wide.writeUInt32BE(n, 1);
    return wide.subarray(0, 5);
  }
  wide[0] = first | 27;
  wide.writeBigUInt64BE(BigInt(n), 1);
  return wide;
};

/** CBOR by RFC 8949 §4.2.1, for what the formats use: whole numbers from 0, booleans, strings, bytes, arrays, maps, doubles. */
export function cbor(value) {
  if (typeof value === 'number' && Number.isInteger(value)) return head(0, value);
  if (typeof value === 'number') {
    const double = Buffer.alloc(9, 0xfb);
    double.writeDoubleBE(value, 1);
    return double;
  }
  if (typeof value === 'boolean') return Buffer.of(value ? 0xf5 : 0xf4);
  if (typeof value === 'string') return Buffer.concat([head(3, Buffer.byteLength(value)), Buffer.from(value)]);
  if (value instanceof Uint8Array) return Buffer.concat([head(2, value.length), value]);
  if (Array.isArray(value)) return Buffer.concat([head(4, value.length), ...value.map(cbor)]);
  const fields = Object.entries(value).map(([key, field]) => [cbor(key), cbor(field)]);
  fields.sort(([a], [b]) => Buffer.compare(a, b));
  return Buffer.concat([head(5, fields.length), ...fields.flat()]);
}

export const sha256 = (...parts) => createHash('sha256').update(Buffer.concat(parts)).digest();
export const id = (uuid) => Buffer.from(uuid.replaceAll('-', ''), 'hex');
export const counting = (length, first = 0) => Buffer.from(Array.from({ length }, (_, i) => (first + i) & 255));

export function ed25519(seed) {
  const der = Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), seed]);
  const key = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
  return {
    publicKey: createPublicKey(key).export({ format: 'der', type: 'spki' }).subarray(-32),
    sign: (message) => sign(null, message, key),
  };
}

export const signedMessage = (type, payload) => Buffer.concat([Buffer.from(`heirloom/1/${type}\0`), payload]);

export function envelope(type, payload, signer) {
  return cbor({ payload, signature: signer.sign(signedMessage(type, payload)), signer: signer.publicKey });
}

export function trailer(manifest, wrap, signer) {
  const unsigned = { suite: 1, manifest: cbor(manifest), wrap, signer: signer.publicKey };
  const record = cbor({ ...unsigned, signature: signer.sign(signedMessage('trailer', cbor(unsigned))) });
  const footer = Buffer.alloc(8);
  footer.writeUInt32BE(1, 0);
  footer.writeUInt32BE(record.length, 4);
  return Buffer.concat([record, footer, Buffer.from('HEIRLOOM')]);
}

export function blockHashes(body) {
  const hashes = [];
  for (let at = 0; at < body.length; at += 2 ** 20) hashes.push(sha256(body.subarray(at, at + 2 ** 20)));
  return Buffer.concat(hashes);
}

export function note(text, name, signer) {
  const keyId = sha256(Buffer.from(`${name}\n\x01`), signer.publicKey).subarray(0, 4);
  return `${text}\n— ${name} ${Buffer.concat([keyId, signer.sign(Buffer.from(text))]).toString('base64')}\n`;
}
