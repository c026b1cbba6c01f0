import { AppError } from '@heirloom/contracts';
import { codeOf, newAuthenticator, readAuthenticator, type Authenticator } from '@heirloom/client';
import type { Context } from '../../context.ts';
import { qrLines } from '../../output/qr-code.ts';

/** How often a code may be typed before the command gives up. */
const tries = 3;

/** Where a person reads codes. Scripts have the authenticator's secret in a setting instead, and need nobody. */
export interface CodeSource {
  readonly authenticator: Authenticator;
  /** Runs the work with a code; again with another one where somebody can be asked and `isWrongCode` says so. */
  readonly withCode: <T>(
    work: (code: string) => Promise<T>,
    isWrongCode: (error: AppError) => boolean,
  ) => Promise<T>;
}

/** Shows a new authenticator's secret and has a code of it typed, unless a setting holds the secret. */
export function setUpAuthenticator(
  context: Context,
  email: string,
  setting: 'HEIRLOOM_AUTHENTICATOR' | 'HEIRLOOM_NEW_AUTHENTICATOR' = 'HEIRLOOM_AUTHENTICATOR',
): CodeSource {
  const known = context.env[setting];
  if (known !== undefined) return ofSetting(readAuthenticator(known, email));
  if (!context.io.isAsked)
    throw new AppError('bad-request', {
      detail: `Nobody can be asked here for a code. Set ${setting} to a secret of 32 characters (base32).`,
    });
  const authenticator = newAuthenticator(email);
  show(context, authenticator);
  return { authenticator, withCode: (work, isWrongCode) => asking(context, work, isWrongCode) };
}

/** A code of the authenticator that somebody has. */
export async function currentCode(
  { env, io }: Context,
  email: string,
  question = 'Code of your authenticator',
): Promise<string> {
  const known = env.HEIRLOOM_AUTHENTICATOR;
  return known === undefined ? cleaned(await io.ask(question)) : codeOf(readAuthenticator(known, email));
}

const ofSetting = (authenticator: Authenticator): CodeSource => ({
  authenticator,
  withCode: (work) => work(codeOf(authenticator)),
});

function show({ io }: Context, { uri, text }: Authenticator): void {
  io.err('Every sign-in needs a code of an authenticator. Scan this with an authenticator app:');
  if (io.isWatched) for (const line of qrLines(uri)) io.err(line);
  io.err(`or type this secret into it: ${text.replaceAll(/(.{4})(?=.)/g, '$1 ')}`);
  io.err(`or give it this address: ${uri}`);
  io.err('Keep it on a device that you have with you. Heirloom does not show it again.');
}

async function asking<T>(
  { io }: Context,
  work: (code: string) => Promise<T>,
  isWrongCode: (error: AppError) => boolean,
): Promise<T> {
  for (let left = tries; ; left -= 1) {
    const typed = await io.ask('The code that it shows now');
    try {
      return await work(cleaned(typed));
    } catch (error) {
      if (left <= 1 || !(error instanceof AppError) || !isWrongCode(error)) throw error;
      io.err(error.message);
    }
  }
}

/** As some authenticators show codes: `123 456`. */
function cleaned(text: string): string {
  const code = text.replaceAll(/\s/g, '');
  if (/^\d{6}$/.test(code)) return code;
  throw new AppError('bad-request', { detail: 'A code has six digits. Type the one that is shown now.' });
}
