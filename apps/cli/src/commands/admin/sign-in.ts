import { AppError } from '@heirloom/contracts';
import {
  checkSetupToken,
  logInOperator,
  logOutOperator,
  openOperator,
  replaceAuthenticator,
  serverOrigin,
  sessionHasEnded,
  setUpOperator,
  type OperatorProfile,
} from '@heirloom/client';
import type { Context } from '../../context.ts';
import { exitCodes, type CommandResult } from '../../output/io.ts';
import type { OperatorProfileOnDisk } from '../../profile/operator-profile.ts';
import { newPassword } from '../sign-in.ts';
import { currentCode, setUpAuthenticator } from './authenticator.ts';
import { openOperatorProfile, signedInOperator, withOperator } from './operator-context.ts';

export interface AdminLogInOptions {
  server: string;
  email: string;
  allowHttp?: boolean;
}
export type AdminSetupOptions = AdminLogInOptions & { token: string };

const originOf = ({ server, allowHttp }: AdminLogInOptions) =>
  serverOrigin(server, { allowHttp: allowHttp ?? false });

/** `heirloom admin setup`: makes the operator of an installation by its setup token, or whom a staff invite invites by its own. */
export async function adminSetupCommand(
  context: Context,
  options: AdminSetupOptions,
): Promise<CommandResult> {
  const server = originOf(options);
  using profile = await openOperatorProfile(context);
  await requireSignedOut(profile);
  const setupToken = options.token.trim();
  // Nobody should think of a password for a token that is refused.
  const role = await checkSetupToken(server, setupToken);
  const { email } = options;
  const password = await newPassword(context);
  const { authenticator, withCode } = setUpAuthenticator(context, email);
  const { secret } = authenticator;
  const operator = await withCode(
    (code) =>
      setUpOperator(profile, { server, email, password, setupToken, authenticator: { secret, code } }),
    ({ code }) => code === 'bad-request',
  );
  const sentence =
    role === 'operator' ? `You are an operator of ${server}.` : `You are support of ${server}.`;
  return result(operator, `${sentence} The token is used up.`);
}

/** `heirloom admin login` */
export async function adminLogInCommand(
  context: Context,
  options: AdminLogInOptions,
): Promise<CommandResult> {
  const server = originOf(options);
  using profile = await openOperatorProfile(context);
  await requireSignedOut(profile);
  const password = context.env.HEIRLOOM_PASSWORD ?? (await context.io.askSecret('Password'));
  const { email } = options;
  const code = await currentCode(context, email);
  const operator = await logInOperator(profile, { server, email, password, code });
  return result(operator, `This device is signed in as ${nameOf(operator)}.`);
}

/** `heirloom admin authenticator`: sign-ins need codes of another one from now on. This and all other devices stay signed in. */
export async function replaceAuthenticatorCommand(context: Context): Promise<CommandResult> {
  return await withOperator(context, async (operator) => {
    const { email } = operator.profile;
    const { authenticator, withCode } = setUpAuthenticator(context, email, 'HEIRLOOM_NEW_AUTHENTICATOR');
    const { secret } = authenticator;
    await withCode(
      async (code) => {
        const present = await currentCode(context, email, 'Code of the one that you have used until now');
        await replaceAuthenticator(operator, present, { secret, code });
      },
      ({ code }) => code === 'bad-request' || code === 'code-wrong',
    );
    return {
      document: { replaced: true },
      lines: [
        'From now on you sign in by codes of the new authenticator. Remove the old entry from your app.',
      ],
    };
  });
}

/** `heirloom admin logout`: revokes this device of the operator. A person's profile beside it stays signed in. */
export async function adminLogOutCommand(context: Context): Promise<CommandResult> {
  using profile = await openOperatorProfile(context);
  const told = await signOut(profile, context);
  const remark = 'The server could not be told, so it takes the session of this device until it runs out.';
  return {
    document: { signedOut: true, serverTold: told },
    lines: ['You are signed out on this device.'],
    remarks: told ? [] : [remark],
    exitCode: told ? exitCodes.ok : exitCodes.failed,
  };
}

/** Whether the server knows of it. */
async function signOut(profile: OperatorProfileOnDisk, context: Context): Promise<boolean> {
  try {
    return (await logOutOperator(await signedInOperator(profile, context), profile)).told;
  } catch (error) {
    // A profile that cannot be read is cleared all the same: that is the way out.
    if (!(error instanceof AppError) || error.code !== 'damaged') throw error;
    await profile.clear();
    return false;
  }
}

async function requireSignedOut(profile: OperatorProfileOnDisk): Promise<void> {
  const operator = await profile.load();
  if (!operator) return;
  if (await sessionHasEnded(await openOperator(profile))) return await profile.clear();
  throw new AppError('conflict', {
    detail: `${capital(nameOf(operator))} is signed in with this profile. Sign out with "heirloom admin logout", or choose another profile folder with HEIRLOOM_HOME.`,
  });
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

const nameOf = ({ role, email }: OperatorProfile): string =>
  role === 'operator' ? `the operator ${email}` : `${email} of support`;

const result = (
  { server, accountId, email, role, deviceId }: OperatorProfile,
  sentence: string,
): CommandResult => ({
  document: { server, operator: { id: accountId, email, role }, device: { id: deviceId } },
  lines: [sentence],
});
