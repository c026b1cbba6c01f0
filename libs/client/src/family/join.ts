import {
  AppError,
  familyRoutes,
  inviteRoutes,
  memberRoutes,
  type FamilyInvite,
  type FamilyId,
  type InvitedRole,
  type InviteId,
  type SealedEpochKey,
} from '@heirloom/contracts';
import {
  inviteKeys,
  openGrant,
  sealText,
  writeJoin,
  type EpochKey,
  type WrittenJoin,
} from '@heirloom/crypto';
import {
  equalBytes,
  familyCollection,
  headOf,
  LogError,
  mustBeHead,
  replayPinned,
  type FamilyState,
  type InviteLink,
} from '@heirloom/formats';
import { ownLibrary, type Account } from '../account/account.ts';
import { personNameBinding } from '../account/bindings.ts';
import { Http } from '../http/http.ts';
import { ownDevice } from './ensure-family.ts';
import { FamilyLog, type FamilyLogStore } from './family-log.ts';
import { followHead } from './log-head.ts';
import { openInvitationNames, type InvitationNames } from './invitation-names.ts';
import { writeDissolution } from './move.ts';

const attempts = 6;

/** What an invite gives, checked against its link. */
export interface Invitation {
  link: InviteLink;
  /** With it a server that is closed to new families lets its holder have an account. */
  admission: FamilyInvite;
  family: FamilyId;
  role: InvitedRole;
  expiresAt: Date;
  state: FamilyState;
  entries: Uint8Array[];
  sealedKeys: readonly SealedEpochKey[];
  names: InvitationNames;
}

/**
 * Reads what the server shows to whoever has the link: the family's log must go on from the head that the inviter saw,
 * so nobody's keys in it can have been swapped, and the invite in it must be the one that the link's secret makes.
 * @param logKey - the installation's key for heads, where it is known already.
 * @throws AppError `invite-closed`, `not-found`, LogError
 */
export async function readInvitation(link: InviteLink, logKey?: string): Promise<Invitation> {
  const http = new Http(link.server);
  const pinned = logKey ?? (await http.call(familyRoutes.logKey, {})).verifierKey;
  const { accessCode, signer, kem } = await inviteKeys(link.secret);
  const admission = { inviteId: link.invite, accessCode };
  const entries: Uint8Array[] = [];
  for (;;) {
    const page = await http.call(inviteRoutes.openInvite, {
      params: { inviteId: link.invite },
      body: { accessCode, from: entries.length },
    });
    const { familyId: family, sealedKeys, role, expiresAt } = page;
    const { head } = await followHead(http, page.checkpoint, family, pinned);
    entries.push(...page.entries.map(({ entry }) => entry));
    if (entries.length < head.size && page.entries.length > 0) continue;
    const state = await replayPinned(family, entries, link.head);
    mustBeHead(headOf(state), head);
    const invite = state.invites.get(link.invite);
    const own = invite && equalBytes(invite.sign, signer.publicKey) && equalBytes(invite.kem, kem.publicKey);
    if (!own) {
      throw new LogError(
        'swapped-key',
        'The server shows other keys for this invite than those that its link makes: somebody swapped them.',
      );
    }
    if (role !== invite.role) {
      throw new LogError('not-allowed', 'The server shows another role for this invite than the family log.');
    }
    const given = await openGivenKeys(state, { id: link.invite, kem }, sealedKeys);
    const names = await openInvitationNames(state, link.invite, given, page);
    return { link, admission, family, role, expiresAt, state, entries, sealedKeys, names };
  }
}

/** Whoever would join by lies learns of it before they have made an account. @throws LogError, DamagedError */
async function openGivenKeys(
  state: FamilyState,
  to: Parameters<typeof openGrant>[1],
  shown: readonly SealedEpochKey[],
): Promise<EpochKey[]> {
  const keys: EpochKey[] = [];
  for (const [collection, { invited, epoch }] of state.collections) {
    if (!invited.has(to.id as InviteId)) continue;
    const given = shown.find((one) => one.collectionId === collection && one.epoch === epoch);
    if (!given) throw new LogError('unknown', 'The server holds a key back that the invite gives.');
    keys.push(await openGrant(state, to, given));
  }
  return keys;
}

/** @throws AppError `conflict` unless the profile is signed in to the server of the invite. */
export function mustBeSameServer(profile: { readonly server: string }, server: string): void {
  if (profile.server === server) return;
  throw new AppError('conflict', {
    detail: `This invite is of ${server}, but this profile is signed in to ${profile.server}. Join with a profile of its own.`,
  });
}

/**
 * Makes this person a member of the family: everything that the invite gives is sealed to their own keys, and signed.
 * @param former - their family of one, which is dissolved by the same request.
 * @returns the family's log, and the keys that they now have.
 * @throws AppError `conflict` for somebody who has another family, `invite-closed`, LogError
 */
export async function joinFamily(
  account: Account,
  store: FamilyLogStore,
  invitation: Invitation,
  former: FamilyLog | null,
): Promise<{ log: FamilyLog; keys: readonly EpochKey[] }> {
  mustBeSameServer(account.profile, invitation.link.server);
  let current = invitation;
  for (let attempt = 1; ; attempt++) {
    await mustContinueKept(store, current);
    const written = await writeJoin({
      state: current.state,
      link: current.link,
      shown: current.sealedKeys,
      identity: account.identity,
      devices: [await ownDevice(account)],
      now: Date.now(),
    });
    const dissolves = former && (await writeDissolution(account, former));
    try {
      const { checkpoint } = await send(account, current, written, dissolves);
      const log = await FamilyLog.shown(account, store, current);
      await log.accept(written.entries, checkpoint);
      return { log, keys: written.keys };
    } catch (error) {
      const overtaken =
        error instanceof AppError && (error.code === 'log-conflict' || error.code === 'epoch-stale');
      if (!overtaken || attempt === attempts) throw error;
      current = await readInvitation(current.link, account.profile.logKey);
      await former?.refresh();
    }
  }
}

async function send(
  account: Account,
  { admission, state, family }: Invitation,
  { entries, sealedKeys, keys }: WrittenJoin,
  dissolves: Uint8Array<ArrayBuffer> | null,
): Promise<{ checkpoint: string }> {
  const { accountId, name } = account.profile;
  const id = familyCollection(state);
  const key = keys.find(({ collection }) => collection === (id as string));
  const sealedName =
    name !== null && key
      ? await sealText(key.key, personNameBinding(family, key.epoch, accountId), name)
      : undefined;
  const { libraryId } = ownLibrary(account);
  return await account.http.call(memberRoutes.join, {
    body: {
      ...admission,
      libraryId,
      entries,
      sealedKeys,
      ...(sealedName ? { sealedName } : {}),
      ...(dissolves ? { dissolves } : {}),
    },
  });
}

/** Somebody who comes back has seen this family's log before. @throws LogError unless the log goes on from there */
async function mustContinueKept(store: FamilyLogStore, { family, entries }: Invitation): Promise<void> {
  const kept = await store.load();
  if (kept?.family !== family) return;
  if (entries.length < kept.entries.length) {
    throw new LogError(
      'rolled-back',
      'The server shows a family log that is shorter than this device has seen it.',
    );
  }
  if (!kept.entries.every((entry, i) => equalBytes(entry, entries[i] ?? new Uint8Array())))
    throw new LogError(
      'forked',
      'The server shows another family log than the one that this device has seen.',
    );
}
