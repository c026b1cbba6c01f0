import { client, ready } from '@serenity-kit/opaque';

/**
 * Argon2id as RFC 9106 §4 recommends where memory is limited (its second choice): t = 3, p = 4, 64 MiB. It is part
 * of every password's record, so it never changes for records that exist.
 */
const keyStretching = { 'argon2id-custom': { iterations: 3, memory: 65_536, parallelism: 4 } } as const;

const fromBase64url = (text: string): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (c) => c.charCodeAt(0));

export interface Registering {
  registrationRequest: string;
  finish(registrationResponse: string): { registrationRecord: string; exportKey: Uint8Array };
}

/** The client's part of an OPAQUE registration (RFC 9807). */
export async function startRegistration(password: string): Promise<Registering> {
  await ready;
  const { clientRegistrationState, registrationRequest } = client.startRegistration({ password });
  return {
    registrationRequest,
    finish(registrationResponse) {
      const { registrationRecord, exportKey } = client.finishRegistration({
        password,
        registrationResponse,
        clientRegistrationState,
        keyStretching,
      });
      return { registrationRecord, exportKey: fromBase64url(exportKey) };
    },
  };
}

export interface LoggingIn {
  startLoginRequest: string;
  /** Null when the password is wrong, or there is no such account. */
  finish(loginResponse: string): { finishLoginRequest: string; exportKey: Uint8Array } | null;
}

/** The client's part of an OPAQUE login. */
export async function startLogin(password: string): Promise<LoggingIn> {
  await ready;
  const { clientLoginState, startLoginRequest } = client.startLogin({ password });
  return {
    startLoginRequest,
    finish(loginResponse) {
      const done = client.finishLogin({ password, loginResponse, clientLoginState, keyStretching });
      return done
        ? { finishLoginRequest: done.finishLoginRequest, exportKey: fromBase64url(done.exportKey) }
        : null;
    },
  };
}
