import {
  AppError,
  limits,
  memberRoutes,
  type AccountId,
  type FamilyRole,
  type RouteOutput,
} from '@heirloom/contracts';
import { DamagedError, openText, sealText, writeRemoval } from '@heirloom/crypto';
import { familyCollection } from '@heirloom/formats';
import { personNameBinding } from '../account/bindings.ts';
import type { ProfileStore } from '../account/profile.ts';
import { changeFamily } from './change-family.ts';
import { freshen, rotateDue, type FamilyParts } from './rotation.ts';

/** Somebody of the family. Who belongs to it and in which role the log says; the address is the server's word. */
export interface FamilyPerson {
  accountId: AccountId;
  role: FamilyRole;
  /** As they sealed it for the family; null when it does not open or they gave none. */
  name: string | null;
  email: string | null;
  joinedAt: Date | null;
  isYou: boolean;
}

type Row = RouteOutput<typeof memberRoutes.members>['members'][number];

/** Everyone of the family, the owner first and then in the order in which they joined. */
export async function listMembers({ account, log, albums }: FamilyParts): Promise<FamilyPerson[]> {
  const { members } = await account.http.call(memberRoutes.members, {});
  const rows = new Map(members.map((row) => [row.accountId, row]));
  const known = [...log.state.members].sort(([, a], [, b]) => a.joinedIndex - b.joinedIndex);
  return await Promise.all(
    known.map(async ([accountId, { role }]) => {
      const row = rows.get(accountId);
      return {
        accountId,
        role,
        name: row ? await openName({ account, log, albums }, row) : null,
        email: row?.email ?? null,
        joinedAt: row?.joinedAt ?? null,
        isYou: accountId === account.profile.accountId,
      };
    }),
  );
}

async function openName({ log, albums }: FamilyParts, { accountId, name }: Row): Promise<string | null> {
  const { family } = log.state;
  const key = name && (await albums.keyOf(familyCollection(log.state), name.epoch));
  if (!key) return null;
  try {
    return await openText(key.key, personNameBinding(family, name.epoch, accountId), name.sealedName);
  } catch (error) {
    if (error instanceof DamagedError) return null;
    throw error;
  }
}

/** @throws AppError `not-found`, or `unavailable` while the server does not say addresses. */
export function memberByEmail(members: readonly FamilyPerson[], typed: string): FamilyPerson {
  const wanted = typed.trim().toLowerCase();
  const found = members.find(({ email }) => email?.toLowerCase() === wanted);
  if (found) return found;
  if (members.some(({ email }) => email === null)) {
    throw new AppError('unavailable', {
      detail: 'The server cannot say the addresses of your family right now. Try again in a moment.',
    });
  }
  throw new AppError('not-found', { detail: `Nobody in your family has the address ${typed.trim()}.` });
}

/** Tells the family this person's name, when they gave one and the family does not know it. */
export async function tellOwnName(parts: FamilyParts): Promise<void> {
  const { name } = parts.account.profile;
  // A name that the family knows may be newer than this device's.
  if (name === null || (await listMembers(parts)).find(({ isYou }) => isYou)?.name) return;
  await sendOwnName(parts, name);
}

/** @returns false when this device does not have the family's key. @throws AppError `epoch-stale` */
async function sendOwnName({ account, log, albums }: FamilyParts, name: string): Promise<boolean> {
  const { accountId } = account.profile;
  const key = await albums.keyOf(familyCollection(log.state));
  if (!key) return false;
  const sealedName = await sealText(key.key, personNameBinding(log.state.family, key.epoch, accountId), name);
  await account.http.call(memberRoutes.nameMember, {
    params: { accountId },
    body: { sealedName, epoch: key.epoch },
  });
  return true;
}

/**
 * Changes what the family calls this person, and keeps it on this device.
 * @throws AppError `bad-request` for a name that is empty or too long, `damaged` without the family's key
 */
export async function setOwnName(parts: FamilyParts, store: ProfileStore, typed: string): Promise<void> {
  const name = typed.trim();
  const length = [...name].length;
  if (length === 0 || length > limits.nameCharacters || !name.isWellFormed()) {
    throw new AppError('bad-request', {
      detail: `A name has 1 to ${limits.nameCharacters} characters.`,
    });
  }
  await freshen(parts);
  if (!(await sendOwnName(parts, name)))
    throw new AppError('damaged', {
      detail: 'The key of your family is not on this device. Try again in a moment.',
    });
  const keep = async () => {
    const kept = await store.load();
    if (kept) await store.save({ ...kept, name });
  };
  await (store.exclusive ? store.exclusive(keep) : keep());
}

/**
 * `effective`: they are refused, and nothing more can be stored under keys that they had. `fencing`: they are refused,
 * and the server is still closing the last way by which an upload of before might be stored under an old key.
 */
export type LossState = RouteOutput<typeof memberRoutes.removeMember>['status'];

/**
 * Removes somebody from the family, or leaves it, and makes new keys for all that they had.
 * @throws AppError `forbidden`, LogError
 */
export async function removeMember(
  parts: FamilyParts,
  { accountId }: Pick<FamilyPerson, 'accountId'>,
): Promise<LossState> {
  const { account, log } = parts;
  const me = account.profile.accountId;
  const isOwner = log.state.members.get(me)?.role === 'owner';
  if (!isOwner && accountId !== me) {
    throw new AppError('forbidden', { detail: 'Only the owner of the family removes other people from it.' });
  }
  if (isOwner && accountId === me) {
    throw new AppError('bad-request', { detail: 'The owner of a family cannot leave it.' });
  }
  await freshen(parts);
  const { answer } = await changeFamily(
    parts,
    (inputs) => writeRemoval(inputs, accountId),
    ({ entries }) =>
      account.http.call(memberRoutes.removeMember, { params: { accountId }, body: { entries } }),
  );
  if (accountId !== me) await rotateDue(parts);
  return answer.status;
}
