import { z } from 'zod';
import { moment, queryInt } from '../base/codecs.ts';
import { accountId, familyId, inviteId, libraryId } from '../base/ids.ts';
import { limits } from '../base/limits.ts';
import { question } from '../base/message.ts';
import { route } from '../base/route.ts';
import { familyRole, invite, inviteState } from './schemas.ts';

const count = z.int().min(0);

/** A family to whoever runs the server: who belongs to it, and nothing of what they call themselves or keep. */
export const familySummary = z.object({ familyId, createdAt: moment, members: count, openInvites: count });
export type FamilySummary = z.infer<typeof familySummary>;

export const familyStaffRoutes = {
  /** The newest first. `after` is the `next` of the page before. */
  families: route({
    service: 'sharing-policy',
    id: 'family.staff.families.list',
    method: 'GET',
    path: '/api/family/staff/families',
    access: 'operator',
    query: z.object({
      after: familyId.optional(),
      limit: queryInt({ min: 1, max: limits.familiesPerPage }),
    }),
    output: z.object({
      families: z.array(familySummary).max(limits.familiesPerPage),
      next: familyId.nullable(),
    }),
  }),
  family: route({
    service: 'sharing-policy',
    id: 'family.staff.families.read',
    method: 'GET',
    path: '/api/family/staff/families/:familyId',
    access: 'staff',
    params: z.object({ familyId }),
    output: familySummary.omit({ members: true }).extend({
      members: z
        .array(z.object({ accountId, role: familyRole, joinedAt: moment }))
        .max(limits.membersPerFamily),
      albums: count,
    }),
  }),
  /** Of those accounts that belong to a family. */
  familiesOf: route({
    service: 'sharing-policy',
    id: 'family.staff.families.of-accounts',
    method: 'POST',
    path: '/api/family/staff/families-of',
    access: 'staff',
    body: z.object({ accountIds: z.array(accountId).min(1).max(limits.accountsPerQuestion) }),
    output: z.object({
      accounts: z
        .array(z.object({ accountId, familyId, role: familyRole, joinedAt: moment }))
        .max(limits.accountsPerQuestion),
    }),
  }),
  /** Of all families, the newest first; those in one state, when it is named. */
  invites: route({
    service: 'sharing-policy',
    id: 'family.staff.invites.list',
    method: 'GET',
    path: '/api/family/staff/invites',
    access: 'operator',
    query: z.object({
      state: inviteState.optional(),
      after: inviteId.optional(),
      limit: queryInt({ min: 1, max: limits.invitesPerPage }),
    }),
    output: z.object({
      invites: z.array(invite.extend({ familyId })).max(limits.invitesPerPage),
      next: inviteId.nullable(),
    }),
  }),
};

export const libraryMessages = {
  /** The libraries of accounts, and those of the members of families. Who has none is left out. */
  librariesOf: question({
    service: 'sharing-policy',
    name: 'libraries-of',
    peers: ['vault'],
    input: z.object({
      accountIds: z.array(accountId).max(limits.accountsPerQuestion),
      familyIds: z.array(familyId).max(limits.familiesPerPage),
    }),
    output: z.object({
      libraries: z
        .array(z.object({ libraryId, accountId, familyId: familyId.nullable() }))
        .max(limits.accountsPerQuestion + limits.familiesPerPage * limits.membersPerFamily),
    }),
  }),
};
