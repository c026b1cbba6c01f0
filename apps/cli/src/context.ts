import { AppError } from '@heirloom/contracts';
import { openAccount, Vault, type Account } from '@heirloom/client';
import type { Environment } from './environment.ts';
import { Interrupted, type Io } from './output/io.ts';
import { nodePorts } from './ports/node-ports.ts';
import { profileFolder } from './profile/profile-folder.ts';
import { ProfileOnDisk } from './profile/profile.ts';

/** How long a command waits for another one that uses the same profile. */
export const lockPatienceMs = 120_000;

/** What a command works with. */
export interface Context {
  env: Environment;
  io: Io;
}

/** Opens the profile folder for this process alone; another command that uses it is waited for. */
export async function openProfile({ env, io }: Context): Promise<ProfileOnDisk> {
  return await ProfileOnDisk.open(profileFolder(env), {
    patienceMs: lockPatienceMs,
    onWait: (sentence) => io.err(sentence),
    signal: io.signal,
  });
}

/** @throws AppError `token-missing` when nobody is signed in with this profile. */
export async function signedIn(profile: ProfileOnDisk, { io }: Context): Promise<Account> {
  if ((await profile.load()) === null) {
    throw new AppError('token-missing', {
      detail: 'You are not signed in. Begin with "heirloom signup" or "heirloom login".',
    });
  }
  if (io.signal.aborted) throw new Interrupted();
  return await openAccount(profile, { ports: nodePorts, streamingBodies: true });
}

/** Runs a command's work with the person's vault, and lets go of the profile afterwards. */
export async function withVault<T>(
  context: Context,
  work: (vault: Vault, profile: ProfileOnDisk) => Promise<T>,
): Promise<T> {
  using profile = await openProfile(context);
  const account = await signedIn(profile, context);
  const { index, log } = profile.database;
  const tell = (sentence: string) => context.io.err(sentence);
  return await work(await Vault.open(account, { index, log, tell }), profile);
}
