import { z } from 'zod';
import { queryInt } from '../base/codecs.ts';
import { accountId, staffActId, staffInviteId } from '../base/ids.ts';
import { limits } from '../base/limits.ts';
import { route } from '../base/route.ts';
import { setupToken } from './schemas.ts';
import {
  accountAct,
  actReason,
  foundAccount,
  foundDevice,
  foundUnlock,
  newAuthenticator,
  oneTimeCode,
  staffAct,
  staffInvite,
  staffMember,
  staffRole,
} from './staff-schemas.ts';

const auth = { service: 'auth' } as const;

/** Who works here: operators and support, and how they come and go. */
export const staffRoutes = {
  me: route({
    ...auth,
    id: 'auth.staff.me',
    method: 'GET',
    path: '/api/auth/staff/me',
    access: 'staff',
    output: z.object({ me: staffMember }),
  }),
  /**
   * Another authenticator from now on. `bad-request` for a wrong code of the new one, `code-wrong` for one of the present one,
   * which counts as those of logins do.
   */
  changeAuthenticator: route({
    ...auth,
    id: 'auth.staff.authenticator.change',
    method: 'PUT',
    path: '/api/auth/staff/authenticator',
    access: 'staff',
    body: z.object({ code: oneTimeCode, next: newAuthenticator }),
  }),
  /** The oldest first. */
  staff: route({
    ...auth,
    id: 'auth.staff.list',
    method: 'GET',
    path: '/api/auth/staff',
    access: 'operator',
    output: z.object({ staff: z.array(staffMember) }),
  }),
  /** Signs their devices out and removes the account. `conflict` for one's own: an installation keeps an operator. */
  removeStaff: route({
    ...auth,
    id: 'auth.staff.remove',
    method: 'DELETE',
    path: '/api/auth/staff/:accountId',
    access: 'operator',
    params: z.object({ accountId }),
  }),
  /** The token goes where a setup token goes, once, within limits.staffInviteMs, and gives the role. It cannot be read again. */
  inviteStaff: route({
    ...auth,
    id: 'auth.staff.invites.create',
    method: 'POST',
    path: '/api/auth/staff/invites',
    access: 'operator',
    body: z.object({ role: staffRole }),
    output: z.object({ invite: staffInvite, token: setupToken }),
    status: 201,
  }),
  /** The newest first. */
  staffInvites: route({
    ...auth,
    id: 'auth.staff.invites.list',
    method: 'GET',
    path: '/api/auth/staff/invites',
    access: 'operator',
    output: z.object({ invites: z.array(staffInvite).max(limits.staffInvitesListed) }),
  }),
  /** Taking back an invite that is used or taken back changes nothing. */
  revokeStaffInvite: route({
    ...auth,
    id: 'auth.staff.invites.revoke',
    method: 'DELETE',
    path: '/api/auth/staff/invites/:inviteId',
    access: 'operator',
    params: z.object({ inviteId: staffInviteId }),
  }),
};

const accountPath = '/api/auth/staff/accounts/:accountId';
const act = {
  ...auth,
  method: 'POST',
  access: 'staff',
  params: z.object({ accountId }),
  body: z.object({ actId: staffActId, reason: actReason }),
  output: z.object({ act: staffAct }),
} as const;

/**
 * People's accounts as staff see them, and what staff may do to them. Each act is written down with its reason, and the
 * account's owner sees it. Sending an act again, by the same id, answers alike and does nothing.
 */
export const staffAccountRoutes = {
  /** By the beginning of the e-mail address, in its order; support must give limits.staffSearchCharacters of it. */
  accounts: route({
    ...auth,
    id: 'auth.staff.accounts.list',
    method: 'GET',
    path: '/api/auth/staff/accounts',
    access: 'staff',
    query: z.object({
      search: z.string().trim().toLowerCase().max(254).optional(),
      after: accountId.optional(),
      limit: queryInt({ min: 1, max: limits.accountsPerPage }),
    }),
    output: z.object({
      accounts: z.array(foundAccount).max(limits.accountsPerPage),
      next: accountId.nullable(),
    }),
  }),
  account: route({
    ...auth,
    id: 'auth.staff.accounts.read',
    method: 'GET',
    path: accountPath,
    access: 'staff',
    params: z.object({ accountId }),
    output: z.object({
      account: foundAccount,
      /** Those that are signed in, then those signed out last. */
      devices: z.array(foundDevice),
      unlocks: z.array(foundUnlock),
      /** The newest first. */
      acts: z.array(staffAct).max(limits.actsPerPage),
    }),
  }),
  /** Shuts the account out of everything within 5 seconds, and deletes nothing. */
  lock: route({ ...act, id: 'auth.staff.accounts.lock', path: `${accountPath}/lock` }),
  /** Lets it in again: its devices go on where they stopped. */
  unlock: route({ ...act, id: 'auth.staff.accounts.unlock', path: `${accountPath}/unlock` }),
  /** Signs all of its devices out for good, within 5 seconds; the person signs in again. */
  endSessions: route({ ...act, id: 'auth.staff.accounts.end-sessions', path: `${accountPath}/end-sessions` }),
};

export const accountActRoutes = {
  /** What staff did to the asker's account, the newest first. */
  acts: route({
    ...auth,
    id: 'auth.account.acts',
    method: 'GET',
    path: '/api/auth/account/acts',
    access: 'person',
    query: z.object({
      before: staffActId.optional(),
      limit: queryInt({ min: 1, max: limits.actsPerPage }),
    }),
    output: z.object({ acts: z.array(accountAct).max(limits.actsPerPage), next: staffActId.nullable() }),
  }),
};
