import {
  logInOperator,
  logOutOperator,
  openOperator,
  setUpOperator,
  type OperatorProfileStore,
  type SignedInOperator,
} from '@heirloom/client';
import { holdAlone } from './hold-alone.ts';
import { TabStore } from './tab-store.ts';

/** `idle`: nobody touched these pages for a while. `ended`: the server takes this session no longer. */
export type EndReason = 'idle' | 'ended';

export type SessionState = { kind: 'out'; why: EndReason | null } | { kind: 'in'; staff: SignedInOperator };

/** At the server that these pages come from. */
type Here<R> = Omit<R, 'server'>;

/**
 * Who is signed in, in this tab and no other: it ends with the tab. Its tokens live in the tab's own storage, so that they
 * outlive a reload.
 */
class StaffSession {
  readonly #store = new TabStore();
  readonly #hearers = new Set<() => void>();
  #state: SessionState = { kind: 'out', why: null };

  get = (): SessionState => this.#state;

  listen = (hear: () => void): (() => void) => {
    this.#hearers.add(hear);
    return () => void this.#hearers.delete(hear);
  };

  /** Goes on after a reload. A tab that is the copy of another one begins anew: two cannot share a token. */
  async resume(): Promise<void> {
    const profile = await this.#store.load();
    if (!profile) return;
    if (await holdAlone(profile.deviceId)) await this.#enter();
    else await this.#store.clear();
  }

  /** @throws AppError `login-failed`, `unavailable` … */
  async signIn(request: Here<Parameters<typeof logInOperator>[1]>): Promise<void> {
    await logInOperator(this.#store, { ...request, server: window.location.origin });
    await this.#enter();
  }

  /** @throws AppError `setup-token-invalid`, `setup-token-used`, `email-taken` … */
  async setUp(request: Here<Parameters<typeof setUpOperator>[1]>): Promise<void> {
    await setUpOperator(this.#store, { ...request, server: window.location.origin });
    await this.#enter();
  }

  /** Signs this device out at the server, or forgets its tokens where the server does not answer. */
  async signOut(why: EndReason | null = null): Promise<void> {
    if (this.#state.kind === 'out') return;
    let profile = await this.#store.load();
    this.end(why);
    // Aside, since the tab may be signed in to again before the server has answered; a token may have to be renewed first.
    const aside: OperatorProfileStore = {
      load: async () => profile,
      save: async (renewed) => void (profile = renewed),
      clear: async () => void (profile = null),
    };
    if (profile) await logOutOperator(await openOperator(aside), aside).catch(() => undefined);
  }

  /** Forgets the session in this tab. */
  end(why: EndReason | null): void {
    if (this.#state.kind === 'out') return;
    void this.#store.clear();
    this.#become({ kind: 'out', why });
  }

  async #enter(): Promise<void> {
    const staff = await openOperator(this.#store);
    void holdAlone(staff.profile.deviceId);
    this.#become({ kind: 'in', staff });
  }

  #become(state: SessionState): void {
    this.#state = state;
    for (const hear of this.#hearers) hear();
  }
}

export const session = new StaffSession();
