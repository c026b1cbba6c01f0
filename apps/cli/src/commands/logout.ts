import { AppError } from '@heirloom/contracts';
import { logOut } from '@heirloom/client';
import { openProfile, signedIn, type Context } from '../context.ts';
import { exitCodes, type CommandResult } from '../output/io.ts';

/** `heirloom logout`: revokes this device and forgets its keys. */
export async function logOutCommand(context: Context): Promise<CommandResult> {
  using profile = await openProfile(context);
  let told: boolean;
  try {
    ({ told } = await logOut(await signedIn(profile, context), profile, profile.database.log));
  } catch (error) {
    // A profile that cannot be read is cleared all the same: that is the way out.
    if (!(error instanceof AppError) || error.code !== 'damaged') throw error;
    await profile.clear();
    told = false;
  }
  const remark =
    'The server could not be told. Revoke this device from another one: "heirloom devices revoke".';
  return {
    document: { signedOut: true, serverTold: told },
    lines: ['This device is signed out.'],
    remarks: told ? [] : [remark],
    exitCode: told ? exitCodes.ok : exitCodes.failed,
  };
}
