import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { familyRoutes } from '@heirloom/contracts';
import { signerFromSeed } from '@heirloom/crypto';
import {
  decodeCheckpoint,
  decodeNote,
  decodeVerifierKey,
  encodeNote,
  encodeVerifierKey,
  leafHash,
  merkleRoot,
  signCheckpoint,
  signNote,
  type NoteSigner,
} from '@heirloom/formats';
import type { System } from '../system/system.ts';
import type { Bytes } from './entries.ts';

/** Signs heads of family logs with the installation's own key: a dishonest server has it. */
export class Notary {
  readonly #signer: NoteSigner;

  constructor(signer: NoteSigner) {
    this.#signer = signer;
  }

  /** The notary of a booted home. @throws when the key in its folder is not the one that it signs with. */
  static async of(system: System): Promise<Notary> {
    const file = path.join(system.dataFolder, 'secrets', 'HEIRLOOM_SHARING_POLICY_LOG_KEY');
    const signer = await signerFromSeed(
      new Uint8Array(Buffer.from((await readFile(file, 'utf8')).trim(), 'base64url')),
    );
    const answer = await fetch(new URL(familyRoutes.logKey.path, system.address));
    const { verifierKey } = familyRoutes.logKey.output.decode((await answer.json()) as never);
    const { name, publicKey } = decodeVerifierKey(verifierKey);
    if (!Buffer.from(publicKey).equals(signer.publicKey)) throw new Error('this is not the key of heads');
    return new Notary({ name, publicKey, sign: (message) => signer.sign(message) });
  }

  /** Somebody who signs heads in the installation's name with a key of their own. */
  async impostor(): Promise<Notary> {
    const signer = await signerFromSeed(globalThis.crypto.getRandomValues(new Uint8Array(32)));
    const { publicKey } = signer;
    return new Notary({ name: this.#signer.name, publicKey, sign: (message) => signer.sign(message) });
  }

  /** What an impostor can say of a change of keys: the pinned one would have to sign it. */
  async unsignedHandover(from: string): Promise<string> {
    const text = `heirloom/log-key-handover\n${from}\n${encodeVerifierKey(this.#signer)}\n`;
    return encodeNote({ text, signatures: [await signNote(text, this.#signer)] });
  }

  /** The head of these entries, in the log that another head belongs to. */
  async headOf(entries: readonly Bytes[], like: string): Promise<string> {
    const { origin } = decodeCheckpoint(decodeNote(like).text);
    const root = merkleRoot(entries.map(leafHash));
    return await signCheckpoint({ origin, size: entries.length, root }, this.#signer);
  }
}

/** How many entries a signed head vouches for. */
export const sizeOf = (checkpoint: string): number => decodeCheckpoint(decodeNote(checkpoint).text).size;
