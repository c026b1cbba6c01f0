import { AppError } from '@heirloom/contracts';
import {
  openAccount,
  readInvitation,
  serverOrigin,
  signUp,
  mustBeSameServer,
  Vault,
  type Invitation,
  type Profile,
} from '@heirloom/client';
import { decodeInviteLink } from '@heirloom/formats';
import { openProfile, type Context } from '../../context.ts';
import type { CommandResult } from '../../output/io.ts';
import { nodePorts } from '../../ports/node-ports.ts';
import type { ProfileOnDisk } from '../../profile/profile.ts';
import { deviceName, newPassword } from '../sign-in.ts';

export interface AcceptOptions {
  name?: string;
  email?: string;
  device?: string;
  allowHttp?: boolean;
}

/**
 * `heirloom family accept LINK`: joins a family, with the account of this profile or with a new one. The link is checked
 * before anything is made. Whoever has a family of one gives it up for this one; photos and albums come along.
 * JSON: `{family: {id}, role, server, account: {id, email}, device: {id}, albums: [{id, name, role}]}`
 */
export async function acceptCommand(
  context: Context,
  link: string,
  options: AcceptOptions,
): Promise<CommandResult> {
  using profile = await openProfile(context);
  const known = await profile.load();
  const invite = decodeInviteLink(link);
  // Before anything is sent: the link of another server tells this one nothing, and plain http needs leave.
  if (known) mustBeSameServer(known, invite.server);
  else serverOrigin(invite.server, { allowHttp: options.allowHttp ?? false });
  const invitation = await readInvitation(invite, known?.logKey);
  const keys = known ?? (await makeAccount(context, profile, invitation, options));
  const account = await openAccount(profile, { ports: nodePorts, streamingBodies: true });
  const { index, log } = profile.database;
  const tell = (sentence: string) => context.io.err(sentence);
  const vault = await Vault.join(account, { index, log, tell }, invitation);
  await vault.syncAlbums();
  const albums = await vault.albums.list();
  const { family, role } = invitation;
  return {
    document: {
      family: { id: family },
      role,
      server: keys.server,
      account: { id: keys.accountId, email: keys.email },
      device: { id: keys.deviceId },
      albums: albums.map((album) => ({ id: album.albumId, name: album.name, role: album.role })),
    },
    lines: [`You are in the family now, as ${role}. "heirloom family ls" shows who else is.`],
  };
}

async function makeAccount(
  context: Context,
  profile: ProfileOnDisk,
  invitation: Invitation,
  options: AcceptOptions,
): Promise<Profile> {
  const { name, email } = options;
  if (!name || !email) {
    throw new AppError('bad-request', {
      detail: 'This profile is not signed in. Give --name and --email for a new account, or sign in first.',
    });
  }
  const password = await newPassword(context);
  profile.forgetRecords();
  return await signUp(profile, {
    server: invitation.link.server,
    email,
    name,
    password,
    deviceName: deviceName(options),
    familyInvite: invitation.admission,
  });
}
