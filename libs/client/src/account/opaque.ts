/**
 * Argon2id as RFC 9106 §4 recommends where memory is limited (its second choice): t = 3, p = 4, 64 MiB. It is part
 * of every password's record, so it never changes for records that exist.
 */
const keyStretching = { 'argon2id-custom': { iterations: 3, memory: 65_536, parallelism: 4 } } as const;

/** Loaded when somebody signs in, since its WebAssembly takes time and memory. */
async function opaque() {
  const { client, ready } = await import('@serenity-kit/opaque');
  await ready;
  return client;
}

const fromBase64url = (text: string): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (c) => c.charCodeAt(0));

export interface Registering {
  registrationRequest: string;
  finish(registrationResponse: string): { registrationRecord: string; exportKey: Uint8Array };
}

/** The client's part of an OPAQUE registration (RFC 9807). */
export async function startRegistration(password: string): Promise<Registering> {
  const client = await opaque();
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
  const client = await opaque();
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
