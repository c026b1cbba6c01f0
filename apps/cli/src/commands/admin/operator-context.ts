import { AppError } from '@heirloom/contracts';
import { openOperator, type SignedInOperator } from '@heirloom/client';
import { lockPatienceMs, type Context } from '../../context.ts';
import { Interrupted } from '../../output/io.ts';
import { OperatorProfileOnDisk } from '../../profile/operator-profile.ts';
import { profileFolder } from '../../profile/profile-folder.ts';

/** Opens the operator's profile for this process alone; another command that uses it is waited for. */
export async function openOperatorProfile({ env, io }: Context): Promise<OperatorProfileOnDisk> {
  return await OperatorProfileOnDisk.open(profileFolder(env), {
    patienceMs: lockPatienceMs,
    onWait: (sentence) => io.err(sentence),
    signal: io.signal,
  });
}

/** @throws AppError `token-missing` when no operator is signed in with this profile. */
export async function signedInOperator(
  profile: OperatorProfileOnDisk,
  { io }: Context,
): Promise<SignedInOperator> {
  if ((await profile.load()) === null) {
    throw new AppError('token-missing', {
      detail: 'No operator is signed in here. Begin with "heirloom admin setup" or "heirloom admin login".',
    });
  }
  if (io.signal.aborted) throw new Interrupted();
  return await openOperator(profile);
}

/** Runs a command's work as the operator, and lets go of the profile afterwards. */
export async function withOperator<T>(
  context: Context,
  work: (operator: SignedInOperator) => Promise<T>,
): Promise<T> {
  using profile = await openOperatorProfile(context);
  return await work(await signedInOperator(profile, context));
}
