import { AppError } from '@heirloom/contracts';
import {
  checkSetupToken,
  logInOperator,
  logOutOperator,
  serverOrigin,
  setUpOperator,
  type OperatorProfile,
} from '@heirloom/client';
import type { Context } from '../../context.ts';
import { exitCodes, type CommandResult } from '../../output/io.ts';
import type { OperatorProfileOnDisk } from '../../profile/operator-profile.ts';
import { newPassword } from '../sign-in.ts';
import { openOperatorProfile, signedInOperator } from './operator-context.ts';

export interface AdminLogInOptions {
  server: string;
  email: string;
  allowHttp?: boolean;
}
export type AdminSetupOptions = AdminLogInOptions & { token: string };

const originOf = ({ server, allowHttp }: AdminLogInOptions) =>
  serverOrigin(server, { allowHttp: allowHttp ?? false });

/** `heirloom admin setup`: makes the operator of an installation by its setup token. */
export async function adminSetupCommand(
  context: Context,
  options: AdminSetupOptions,
): Promise<CommandResult> {
  const server = originOf(options);
  using profile = await openOperatorProfile(context);
  await requireSignedOut(profile);
  const setupToken = options.token.trim();
  // Nobody should think of a password for a token that is refused.
  await checkSetupToken(server, setupToken);
  const password = await newPassword(context);
  const operator = await setUpOperator(profile, { server, email: options.email, password, setupToken });
  return result(operator, `You are the operator of ${server}. The setup token is used up.`);
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
  const operator = await logInOperator(profile, { server, email: options.email, password });
  return result(operator, `This device is signed in as the operator ${operator.email}.`);
}

/** `heirloom admin logout`: revokes this device of the operator. A person's profile beside it stays signed in. */
export async function adminLogOutCommand(context: Context): Promise<CommandResult> {
  using profile = await openOperatorProfile(context);
  const told = await signOut(profile, context);
  const remark = 'The server could not be told, so it takes the session of this device until it runs out.';
  return {
    document: { signedOut: true, serverTold: told },
    lines: ['The operator is signed out on this device.'],
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
  throw new AppError('conflict', {
    detail: `The operator ${operator.email} is signed in with this profile. Sign out with "heirloom admin logout", or choose another profile folder with HEIRLOOM_HOME.`,
  });
}

const result = (
  { server, accountId, email, deviceId }: OperatorProfile,
  sentence: string,
): CommandResult => ({
  document: { server, operator: { id: accountId, email }, device: { id: deviceId } },
  lines: [sentence],
});
