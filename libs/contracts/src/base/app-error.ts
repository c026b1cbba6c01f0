import type { Problem } from './errors.ts';

/**
 * Every error that a person or a client can meet: its HTTP status and a sentence. The sentence stands alone,
 * says what to do next where there is something to do, and never holds a secret.
 */
export const errorCodes = {
  'bad-request': [400, 'The request is not in the form that this server expects.'],
  'token-missing': [401, 'You are not signed in. Sign in and try again.'],
  'token-invalid': [401, 'Your sign-in is not valid here. Sign in again.'],
  'token-expired': [401, 'Your sign-in has expired. It is renewed automatically, or sign in again.'],
  'device-revoked': [401, 'This device was signed out. Sign in again to use it.'],
  'login-failed': [401, 'The e-mail address or the password is wrong.'],
  'recovery-failed': [
    401,
    'The e-mail address or the recovery key is wrong. Use the newest kit: a new key replaces the one before.',
  ],
  'password-wrong': [403, 'This is not your password. Type it once more.'],
  'code-wrong': [
    403,
    'This is not a code of the authenticator that you have used until now. Each code is good once: wait for the next one.',
  ],
  'account-locked': [
    403,
    'This account is locked. Nothing is deleted and your keys stay where they are. Ask the people who run this server.',
  ],
  forbidden: [403, 'You do not have permission to do this.'],
  'registration-closed': [403, 'This server does not accept new families. Ask the person who runs it.'],
  'invitation-needed': [
    403,
    'This server accepts new families by invitation only. Check the invitation code.',
  ],
  'setup-token-invalid': [
    403,
    'This is no token of this server. Its first start printed one; operators invite others by new ones.',
  ],
  'setup-token-used': [410, 'This token has been used already: it makes one account. Sign in with that one.'],
  'not-found': [404, 'There is nothing here under this name, or you may not see it.'],
  'no-family': [404, 'This account does not belong to a family yet.'],
  'method-not-allowed': [405, 'This address does not answer to that method.'],
  conflict: [409, 'Something else changed at the same time. Refresh and try again.'],
  'email-taken': [409, 'There already is an account with this e-mail address. Sign in instead.'],
  'epoch-stale': [409, 'The keys of this album have changed. Refresh and try again.'],
  'log-conflict': [409, 'The family log has moved on. Refresh and try again.'],
  'upload-offset': [409, 'The upload continues at another place. Ask for its offset and go on from there.'],
  'source-changed': [
    409,
    'The file changed while it was being sealed. Begin again with the file as it is now.',
  ],
  gone: [410, 'This is no longer available.'],
  'invite-closed': [
    410,
    'This invite cannot be used any more: it was used, taken back, or has expired. Ask for a new one.',
  ],
  'tus-version': [412, 'This server speaks version 1.0.0 of the tus protocol.'],
  'too-large': [413, 'This is larger than the server accepts.'],
  'quota-exceeded': [413, 'Your storage is full. Ask the person who runs this server for more room.'],
  'media-type': [415, 'This server expects another content type here.'],
  'range-not-satisfiable': [416, 'The requested range lies outside of the file.'],
  'hash-mismatch': [422, 'What arrived differs from what was announced. Nothing was stored; send it again.'],
  'object-malformed': [422, 'What arrived is not a sealed photo in a format that this server knows.'],
  damaged: [
    422,
    'What was read is damaged, or someone changed it. Read it again, from another copy if there is one.',
  ],
  'log-invalid': [
    422,
    'The family log holds something that must not be there. Sharing stops until it is explained.',
  ],
  'limit-reached': [422, 'A limit of this server has been reached.'],
  locked: [423, 'Another request is working on this. Try again in a moment.'],
  'too-many-requests': [429, 'Too many attempts. Wait a few minutes and try again.'],
  internal: [500, 'Something went wrong on the server. Its log says more under the request id.'],
  unavailable: [503, 'A part of the server is not available right now. Try again in a moment.'],
  'revocations-stale': [
    503,
    'The server cannot check right now whether this device is still allowed. Try again in a moment.',
  ],
  timeout: [504, 'The server took too long to answer. Try again.'],
  'storage-full': [507, 'The server has no room left. Nothing was lost; tell the person who runs it.'],
} as const satisfies Record<string, readonly [status: number, sentence: string]>;

export type ErrorCode = keyof typeof errorCodes;

export const isErrorCode = (code: unknown): code is ErrorCode =>
  typeof code === 'string' && Object.hasOwn(errorCodes, code);

export interface AppErrorOptions {
  /** A sentence for the person instead of the code's own. Must hold no secret. */
  detail?: string;
  cause?: unknown;
  requestId?: string;
}

/** What can be expected to go wrong. Anything else that is thrown is a bug. */
export class AppError extends Error {
  readonly code: ErrorCode;
  readonly status: number;
  readonly requestId: string | undefined;

  constructor(code: ErrorCode, options: AppErrorOptions = {}) {
    super(options.detail ?? errorCodes[code][1], { cause: options.cause });
    this.name = 'AppError';
    this.code = code;
    this.status = errorCodes[code][0];
    this.requestId = options.requestId;
  }

  toProblem(requestId = this.requestId): Problem {
    const [status, title] = errorCodes[this.code];
    return {
      type: `urn:heirloom:error:${this.code}`,
      title,
      status,
      code: this.code,
      ...(this.message === title ? {} : { detail: this.message }),
      ...(requestId ? { requestId } : {}),
    };
  }

  static fromProblem(p: Problem): AppError {
    return new AppError(p.code, {
      ...(p.detail ? { detail: p.detail } : {}),
      ...(p.requestId ? { requestId: p.requestId } : {}),
    });
  }
}
