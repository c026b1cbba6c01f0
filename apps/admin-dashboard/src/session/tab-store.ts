import {
  decodeOperatorProfile,
  encodeOperatorProfile,
  type OperatorProfile,
  type OperatorProfileStore,
} from '@heirloom/client';

const name = 'heirloom-staff';

/** Keeps a session for as long as its tab is open. */
export class TabStore implements OperatorProfileStore {
  async load(): Promise<OperatorProfile | null> {
    const text = sessionStorage.getItem(name);
    try {
      return text === null ? null : decodeOperatorProfile(text);
    } catch {
      // What an older release kept is of no use to anybody.
      sessionStorage.removeItem(name);
      return null;
    }
  }

  async save(profile: OperatorProfile): Promise<void> {
    sessionStorage.setItem(name, encodeOperatorProfile(profile));
  }

  async clear(): Promise<void> {
    sessionStorage.removeItem(name);
  }
}
