import { AppError } from '@heirloom/contracts';
import { sha256 } from '@noble/hashes/sha2.js';
import { concatBytes, equalBytes, fromBase64, toBase64, toHex } from '../encoding/bytes.ts';
import { verifyEd25519, type Signer } from '../statements/signing.ts';

/**
 * Signed notes of C2SP (c2sp.org/signed-note): text that ends in a newline, an empty line, and signature lines
 * "— name base64(key id || signature)". Key id = first 4 bytes of SHA-256(name 0x0A type public key).
 */
const ed25519Type = 0x01;
const cosignatureType = 0x04;
const maxSignatures = 64;
const maxBytes = 8192;
const lineStart = '— ';

export interface NoteSignature {
  name: string;
  keyId: Uint8Array;
  signature: Uint8Array;
}
export interface SignedNote {
  text: string;
  signatures: readonly NoteSignature[];
}
/** Who signs a note. Names hold neither white space nor "+". */
export interface NoteKey {
  name: string;
  publicKey: Uint8Array;
}
export interface NoteSigner extends NoteKey {
  sign: Signer['sign'];
}

const utf8 = (text: string) => new TextEncoder().encode(text);
const malformed = (detail: string) => new AppError('bad-request', { detail });
const nameIsGood = (name: string) => /^[^\s+]+$/u.test(name);

const keyId = (key: NoteKey, type: number): Uint8Array =>
  sha256(concatBytes(utf8(`${key.name}\n`), Uint8Array.of(type), key.publicKey)).subarray(0, 4);

/** "name+hex key id+base64(type || public key)", as C2SP tools print and read it. */
export const encodeVerifierKey = (key: NoteKey): string => {
  if (!nameIsGood(key.name)) throw new RangeError('the name of a note key has white space or "+"');
  return `${key.name}+${toHex(keyId(key, ed25519Type))}+${toBase64(concatBytes(Uint8Array.of(ed25519Type), key.publicKey))}`;
};

/** @throws AppError `bad-request` unless it is an Ed25519 verifier key whose id fits. */
export function decodeVerifierKey(text: string): NoteKey {
  const [, name, , encoded] = /^([^\s+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/=]+)$/u.exec(text) ?? [];
  const bytes = encoded && fromBase64(encoded);
  if (!name || !bytes || bytes.length !== 33 || bytes[0] !== ed25519Type)
    throw malformed('This is not a verifier key.');
  const key = { name, publicKey: bytes.subarray(1) };
  if (encodeVerifierKey(key) !== text) throw malformed('The id of a verifier key does not fit the key.');
  return key;
}

export const encodeNote = (note: SignedNote): string =>
  `${note.text}\n${note.signatures
    .map((s) => `${lineStart}${s.name} ${toBase64(concatBytes(s.keyId, s.signature))}\n`)
    .join('')}`;

function decodeSignatureLine(line: string): NoteSignature {
  const [, name, encoded] = /^— ([^\s+]+) ([A-Za-z0-9+/=]+)$/u.exec(line) ?? [];
  const bytes = encoded && fromBase64(encoded);
  if (!name || !bytes || bytes.length < 5) throw malformed('A note has a malformed signature line.');
  return { name, keyId: bytes.slice(0, 4), signature: bytes.slice(4) };
}

/** @throws AppError `bad-request` unless it is a signed note of at most 8 KiB and 64 signatures. Verifies nothing. */
export function decodeNote(encoded: string): SignedNote {
  const split = encoded.lastIndexOf('\n\n');
  // eslint-disable-next-line no-control-regex -- the format forbids exactly these
  if (utf8(encoded).length > maxBytes || /[\x00-\x09\x0b-\x1f]/.test(encoded) || !encoded.isWellFormed()) {
    throw malformed('A note is too long or holds control characters.');
  }
  if (split < 0 || !encoded.endsWith('\n')) throw malformed('A note has no signatures.');
  const lines = encoded.slice(split + 2, -1).split('\n');
  if (lines.length > maxSignatures) throw malformed('A note has too many signatures.');
  return { text: encoded.slice(0, split + 1), signatures: lines.map(decodeSignatureLine) };
}

/** Adds an Ed25519 signature of the text. */
export async function signNote(text: string, signer: NoteSigner): Promise<NoteSignature> {
  if (!text.endsWith('\n')) throw new RangeError('the text of a note ends in a newline');
  const signature = await signer.sign(utf8(text));
  return { name: signer.name, keyId: keyId(signer, ed25519Type), signature };
}

const find = (note: SignedNote, key: NoteKey, type: number) =>
  note.signatures.find((s) => s.name === key.name && equalBytes(s.keyId, keyId(key, type)));

/** Whether the note carries this key's valid signature. Signatures by unknown keys are ignored, as the format asks. */
export async function verifyNote(note: SignedNote, key: NoteKey): Promise<boolean> {
  const found = find(note, key, ed25519Type);
  return !!found && (await verifyEd25519(key.publicKey, found.signature, utf8(note.text)));
}

const cosigned = (text: string, seconds: number) => utf8(`cosignature/v1\ntime ${seconds}\n${text}`);

/** A timestamped cosignature (c2sp.org/tlog-cosignature) of a checkpoint's text, at a time in whole seconds. */
export async function cosignNote(text: string, seconds: number, signer: NoteSigner): Promise<NoteSignature> {
  const time = new Uint8Array(8);
  new DataView(time.buffer).setBigUint64(0, BigInt(seconds));
  const signature = await signer.sign(cosigned(text, seconds));
  return {
    name: signer.name,
    keyId: keyId(signer, cosignatureType),
    signature: concatBytes(time, signature),
  };
}

/** The time, in seconds, at which the key cosigned the note; undefined when it did not. */
export async function verifyCosignature(note: SignedNote, key: NoteKey): Promise<number | undefined> {
  const found = find(note, key, cosignatureType);
  if (!found || found.signature.length !== 72) return undefined;
  const { buffer, byteOffset } = found.signature;
  const seconds = Number(new DataView(buffer, byteOffset).getBigUint64(0));
  if (!Number.isSafeInteger(seconds)) return undefined;
  const valid = await verifyEd25519(key.publicKey, found.signature.subarray(8), cosigned(note.text, seconds));
  return valid ? seconds : undefined;
}
