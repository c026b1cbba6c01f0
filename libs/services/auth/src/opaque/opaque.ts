import { AppError, bytesToId, type AccountId } from '@heirloom/contracts';
import { ready, server } from '@serenity-kit/opaque';
import { createHash, createHmac, hkdfSync } from 'node:crypto';
import type { Realm } from '../accounts/realm.ts';

await ready;

/** A new server setup: OPRF seed and key pair of this installation (RFC 9807 §5.1 and §6.4). A secret. */
export const createServerSetup = (): string => server.createSetup();

/** OPRF seed (64 bytes), private key (32) and the key of made-up answers (32). The library takes longer texts too. */
const setupBytes = 128;

export function isServerSetup(text: string): boolean {
  if (Buffer.from(text, 'base64url').length !== setupBytes) return false;
  try {
    return server.getPublicKey(text).length > 0;
  } catch {
    return false;
  }
}

/** What the server keeps of a password, and with which setup it was made. */
export interface Credential {
  readonly record: string;
  readonly seedId: string;
}

/**
 * Who tries to log in. For an address without an account it is a made-up id that is always the same for it, so that
 * the answers to it repeat and run out as those to a real one do.
 */
export interface Subject {
  readonly id: AccountId;
  readonly realm: Realm;
  readonly credential: Credential | null;
}

/**
 * A well-formed first login message (RFC 9807 §6.3.1) of nobody's. The library reads a record only to begin a login,
 * so a new record is tried with this one: a malformed record would lock its owner out.
 */
const anyLoginRequest =
  'RCjbfibkwadIC0gh-uxF7EbDCRAx0jbTdCR87-cvtTnaafOL2kxm5x3m_b5Fh-XRIFUU_n4ZN5fJzveunU36WJxYqFekOXfoAIYJvqcJ1MeYITOzInRYrnS07qg3ncQ6';

interface Setup {
  readonly id: string;
  readonly secret: string;
}

/** The server's part of OPAQUE. The identifier is the account id. Everything here is a secret of the installation. */
export class Opaque {
  readonly #current: Setup;
  readonly #previous: Setup | undefined;

  /** @param previous the setup before, while accounts still have records that were made with it. */
  constructor(current: string, previous?: string) {
    this.#current = setupOf(current);
    this.#previous = previous === undefined ? undefined : setupOf(previous);
  }

  /** Names the setup that new records are made with. */
  get seedId(): string {
    return this.#current.id;
  }

  /** Whether records made with this setup can still be used. */
  knowsSeed(seedId: string): boolean {
    return this.#setup(seedId) !== undefined;
  }

  /**
   * A key of 32 bytes for another use of the installation's secret.
   *
   * @param seedId of which setup, for what is kept; undefined is answered when it is gone
   */
  deriveKey(label: string): Uint8Array<ArrayBuffer>;
  deriveKey(label: string, seedId: string): Uint8Array<ArrayBuffer> | undefined;
  deriveKey(label: string, seedId = this.seedId): Uint8Array<ArrayBuffer> | undefined {
    const setup = this.#setup(seedId);
    return setup && derive(setup, label);
  }

  /** @throws AppError `bad-request` */
  register(accountId: AccountId, registrationRequest: string): string {
    return wellFormed(() =>
      server.createRegistrationResponse({
        serverSetup: this.#current.secret,
        userIdentifier: accountId,
        registrationRequest,
      }),
    ).registrationResponse;
  }

  /** @throws AppError `bad-request` unless a login with this record can begin. */
  checkRecord(accountId: AccountId, credential: Credential): void {
    this.startLogin({ id: accountId, credential }, anyLoginRequest);
  }

  /**
   * The subject for an address without an account. It follows the setup before, if there is one, as the accounts do
   * that have not been seen since. One address is two strangers, as it may be two accounts.
   */
  stranger(email: string, realm: Realm): Subject {
    const label = { person: 'stranger', staff: 'stranger-operator' }[realm];
    return { id: this.#idOf(label, email), realm, credential: null };
  }

  /** Who tries to recover the account with an address, for counting: whether there is one or not. */
  recoverySubject(email: string): AccountId {
    return this.#idOf('recovery', email);
  }

  #idOf(label: string, email: string): AccountId {
    const hash = createHmac('sha256', derive(this.#previous ?? this.#current, label))
      .update(email)
      .digest();
    return bytesToId<AccountId>(new Uint8Array(hash.subarray(0, 16)));
  }

  /** @throws AppError `bad-request` for a malformed request. */
  startLogin(
    subject: Pick<Subject, 'id' | 'credential'>,
    startLoginRequest: string,
  ): { loginResponse: string; serverLoginState: string } {
    const { credential } = subject;
    const setup = credential ? this.#setup(credential.seedId) : (this.#previous ?? this.#current);
    return wellFormed(() =>
      server.startLogin({
        serverSetup: (setup ?? this.#current).secret,
        userIdentifier: subject.id,
        // A record whose setup is gone opens for no password, as if there were none.
        registrationRecord: setup ? credential?.record : null,
        startLoginRequest,
      }),
    );
  }

  /** Whether the client has shown that it knows the password. */
  finishLogin(serverLoginState: string, finishLoginRequest: string): boolean {
    try {
      return server.finishLogin({ serverLoginState, finishLoginRequest }).sessionKey.length > 0;
    } catch {
      return false;
    }
  }

  #setup(seedId: string): Setup | undefined {
    return [this.#current, this.#previous].find((setup) => setup?.id === seedId);
  }
}

function setupOf(secret: string): Setup {
  const hash = createHash('sha256').update('heirloom/opaque-setup\0').update(secret).digest();
  return { secret, id: hash.toString('base64url') };
}

/** HKDF-SHA256 (RFC 5869); the setup's randomness is the key material. */
const derive = (setup: Setup, label: string): Uint8Array<ArrayBuffer> =>
  new Uint8Array(hkdfSync('sha256', setup.secret, '', `heirloom/auth/${label}`, 32));

/** The library throws plain errors on messages that it cannot read. */
function wellFormed<T>(use: () => T): T {
  try {
    return use();
  } catch (cause) {
    throw new AppError('bad-request', { detail: 'The message of the login protocol is malformed.', cause });
  }
}
