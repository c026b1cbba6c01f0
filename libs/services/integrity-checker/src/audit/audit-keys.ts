import {
  auditOrigin,
  auditStartOrigin,
  openCheckpoint,
  signCheckpoint,
  type Checkpoint,
} from '@heirloom/formats';
import { NoteSigningKey } from '@heirloom/service-kit';

/** A checkpoint names the key by this, so it stays when the installation's address changes. */
const keyName = 'heirloom-audit';

type Head = Omit<Checkpoint, 'origin'>;

/** What the heads of the audit trail are signed with. It is a setting, so whoever can write to the database lacks it. */
export class AuditKeys {
  readonly #signer: NoteSigningKey;
  /** Those that signatures are checked with; the first one signs. */
  readonly all: readonly NoteSigningKey[];

  /** @param previous the key before, whose signatures stay valid */
  constructor(seed: Uint8Array, previous?: Uint8Array) {
    this.#signer = new NoteSigningKey(keyName, seed);
    this.all = [this.#signer, ...(previous ? [new NoteSigningKey(keyName, previous)] : [])];
  }

  signHead(head: Head): Promise<string> {
    return signCheckpoint({ origin: auditOrigin, ...head }, this.#signer);
  }

  /** Signs that the trail begins behind these entries. */
  signStart(head: Head): Promise<string> {
    return signCheckpoint({ origin: auditStartOrigin, ...head }, this.#signer);
  }

  /** Undefined for what none of the keys has signed. */
  async openHead(note: string): Promise<Head | undefined> {
    for (const key of this.all) {
      const opened = await openCheckpoint(note, { origin: auditOrigin, key }).catch(() => undefined);
      if (opened) return { size: opened.size, root: opened.root };
    }
    return undefined;
  }
}
