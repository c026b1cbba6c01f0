import { hostname } from 'node:os';
import { AppError } from '@heirloom/contracts';
import {
  checkPassword,
  logIn,
  openAccount,
  renameDevice,
  serverOrigin,
  signUp,
  Vault,
  type Profile,
} from '@heirloom/client';
import { openProfile, type Context } from '../context.ts';
import type { CommandResult } from '../output/io.ts';
import { nodePorts } from '../ports/node-ports.ts';
import type { ProfileOnDisk } from '../profile/profile.ts';

export interface SignUpOptions {
  server: string;
  name: string;
  email: string;
  device?: string;
  invitation?: string;
  allowHttp?: boolean;
}
export type LogInOptions = Omit<SignUpOptions, 'name' | 'invitation'>;

const originOf = ({ server, allowHttp }: LogInOptions) =>
  serverOrigin(server, { allowHttp: allowHttp ?? false });
export const deviceName = ({ device }: Pick<LogInOptions, 'device'>) => device?.trim() || hostname();

/** `heirloom signup`: a new account, with a family of its own. */
export async function signUpCommand(context: Context, options: SignUpOptions): Promise<CommandResult> {
  const server = originOf(options);
  using profile = await openProfile(context);
  await requireSignedOut(profile);
  const password = await newPassword(context);
  profile.forgetRecords();
  const keys = await signUp(profile, {
    server,
    email: options.email,
    name: options.name,
    password,
    deviceName: deviceName(options),
    invitation: options.invitation,
  });
  await settle(profile);
  return {
    ...result(keys, deviceName(options), `Welcome, ${options.name}. This device is signed in.`),
    remarks: [
      'If you forget your password, only a recovery key gets you back to your photos. Make one now: "heirloom recovery-key".',
    ],
  };
}

/** `heirloom login`: one more device of an account that exists. */
export async function logInCommand(context: Context, options: LogInOptions): Promise<CommandResult> {
  const server = originOf(options);
  using profile = await openProfile(context);
  await requireSignedOut(profile);
  const password = await currentPassword(context);
  profile.forgetRecords();
  const keys = await logIn(profile, { server, email: options.email, password });
  const account = await openAccount(profile, { ports: nodePorts });
  await renameDevice(account, keys.deviceId, deviceName(options));
  await settle(profile);
  return result(keys, deviceName(options), `This device is signed in as ${keys.email}.`);
}

export async function requireSignedOut(profile: ProfileOnDisk): Promise<void> {
  const keys = await profile.load();
  if (!keys) return;
  throw new AppError('conflict', {
    detail: `This profile is signed in as ${keys.email}. Sign out with "heirloom logout", or choose another profile folder with HEIRLOOM_HOME.`,
  });
}

/** Founds the family where there is none, and enters this device in its log. */
export async function settle(profile: ProfileOnDisk): Promise<void> {
  const { index, log } = profile.database;
  const vault = await Vault.open(await openAccount(profile, { ports: nodePorts }), { index, log });
  await vault.syncAlbums();
}

export const currentPassword = async ({ env, io }: Context, question = 'Password'): Promise<string> =>
  env.HEIRLOOM_PASSWORD ?? (await io.askSecret(question));

export async function newPassword({ env, io }: Context, question = 'Password'): Promise<string> {
  if (env.HEIRLOOM_PASSWORD !== undefined) {
    checkPassword(env.HEIRLOOM_PASSWORD);
    return env.HEIRLOOM_PASSWORD;
  }
  const password = await io.askSecret(question);
  checkPassword(password);
  if ((await io.askSecret('The same password again')) === password) return password;
  throw new AppError('bad-request', { detail: 'The two passwords differ. Nothing was changed.' });
}

const result = (keys: Profile, name: string, sentence: string): CommandResult => ({
  document: {
    server: keys.server,
    account: { id: keys.accountId, email: keys.email },
    device: { id: keys.deviceId, name },
  },
  lines: [sentence],
});
