import { NoteSigningKey } from '@heirloom/service-kit';

/** Clients pin the key under this name, so it stays when the installation's address changes. */
const keyName = 'heirloom-log';

/** A key that this installation signs the heads of family logs with. */
export class LogKey extends NoteSigningKey {
  constructor(seed: Uint8Array) {
    super(keyName, seed);
  }
}
