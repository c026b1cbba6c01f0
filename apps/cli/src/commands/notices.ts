import {
  keepSeenNotices,
  listMembers,
  noticesSince,
  seenNotices,
  type FamilyPerson,
  type Notice,
  type Vault,
} from '@heirloom/client';
import { withVault, type Context } from '../context.ts';
import type { CommandResult } from '../output/io.ts';
import { minuteText, printable } from '../output/text.ts';
import { nameOf } from './family/people.ts';

/**
 * `heirloom notices`: what is new since they were asked for the last time on this device.
 * JSON: `{notices: [{kind, at, …}]}`
 */
export async function noticesCommand(context: Context): Promise<CommandResult> {
  return await withVault(context, async (vault) => {
    await vault.syncAlbums();
    const { notices, mark } = await noticesSince(vault, await seenNotices(vault));
    const say = await speaker(vault);
    const lines = notices.map((notice) => {
      const when = 'at' in notice ? `${minuteText(notice.at)}  ` : '';
      return printable(`${when}${say(notice)}`);
    });
    await keepSeenNotices(vault, mark);
    return { document: { notices }, lines: lines.length > 0 ? lines : ['Nothing is new.'] };
  });
}

/** Makes a sentence of a notice. */
async function speaker(vault: Vault): Promise<(notice: Notice) => string> {
  const people = new Map((await listMembers(vault)).map((person) => [person.accountId, person]));
  const albums = new Map((await vault.albums.list()).map(({ albumId, name }) => [albumId, name]));
  const who = (id: FamilyPerson['accountId']) => {
    const person = people.get(id);
    if (person?.isYou) return 'You';
    return person ? nameOf(person) : 'Somebody who has left the family';
  };
  return (notice) => {
    switch (notice.kind) {
      case 'device-signed-in': {
        const how = notice.byRecoveryKey ? ' by your recovery key' : '';
        return `The device ${notice.name ?? notice.deviceId} was signed in${how}. If this was not you: "heirloom devices revoke ${notice.deviceId}", then "heirloom passwd".`;
      }
      case 'device-revoked':
        return `The device ${notice.name ?? notice.deviceId} was signed out.`;
      case 'member-joined':
        return `${who(notice.accountId)} joined the family.`;
      case 'member-left':
        return `${who(notice.accountId)} left the family.`;
      case 'member-removed':
        return `${who(notice.by)} removed ${who(notice.accountId)} from the family.`;
      case 'role-changed':
        return notice.isYou
          ? `Your role is ${notice.role} now.`
          : `The role of ${who(notice.accountId)} is ${notice.role} now.`;
      case 'album-shared':
        return `${who(notice.by)} shared the album ${albums.get(notice.albumId) ?? notice.albumId} with you.`;
      case 'account-locked':
      case 'account-unlocked':
      case 'sessions-ended':
        return `${notice.by === 'support' ? 'Support' : 'An operator'} ${staffDeeds[notice.kind]} Reason: ${notice.reason}`;
      default:
        return ownWays[notice.kind];
    }
  };
}

const staffDeeds = {
  'account-locked': 'locked your account.',
  'account-unlocked': 'unlocked your account.',
  'sessions-ended': 'signed all of your devices out.',
} as const;

const ownWays = {
  'password-changed': 'Your password was changed.',
  'recovery-key-changed': 'A new recovery key was made. Kits from before are of no use any more.',
  'recovery-key-used':
    'Your recovery key was used. If this was not you: "heirloom devices ls", "heirloom passwd", "heirloom recovery-key".',
  'recovery-key-missing':
    'You have no recovery key. If you forget your password, nobody can get your photos back: "heirloom recovery-key".',
  'recovery-key-unconfirmed':
    'You have not confirmed your recovery key. Type the words of your kit: "heirloom recovery-key confirm".',
} as const;
