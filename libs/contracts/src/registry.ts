import { auditMessages } from './audit/messages.ts';
import { auditRoutes } from './audit/routes.ts';
import { accountMessages, authMessages } from './auth/messages.ts';
import { authRoutes } from './auth/routes.ts';
import { accountActRoutes, staffAccountRoutes, staffRoutes } from './auth/staff-routes.ts';
import { recoveryRoutes, unlockRoutes } from './auth/unlock-routes.ts';
import type { MessageContract } from './base/message.ts';
import type { RouteContract } from './base/route.ts';
import { inviteMessages, policyMessages, standingMessages } from './family/messages.ts';
import { familyRoutes } from './family/routes.ts';
import { grantRoutes, inviteRoutes, memberRoutes } from './family/sharing-routes.ts';
import { familyStaffRoutes, libraryMessages } from './family/staff-routes.ts';
import { integrityRoutes } from './integrity/routes.ts';
import { integrityStaffRoutes } from './integrity/staff-routes.ts';
import { nudgeMessages, pulseMessages } from './operations/messages.ts';
import { operationsRoutes } from './operations/routes.ts';
import { fenceMessages } from './vault/fence-messages.ts';
import { vaultMessages } from './vault/messages.ts';
import { storageMessages } from './vault/storage-messages.ts';
import { notesRoutes } from './vault/notes-routes.ts';
import { quotaRoutes, vaultStaffRoutes } from './vault/quota-routes.ts';
import { trashRoutes } from './vault/trash-routes.ts';
import { vaultRoutes } from './vault/routes.ts';

/**
 * Every HTTP route that a service answers. A service that lacks a handler for one of its own does not start, so a group of
 * contracts enters here together with its handlers.
 */
export const allRoutes: readonly RouteContract[] = [
  authRoutes,
  unlockRoutes,
  recoveryRoutes,
  staffRoutes,
  staffAccountRoutes,
  accountActRoutes,
  vaultRoutes,
  trashRoutes,
  notesRoutes,
  quotaRoutes,
  vaultStaffRoutes,
  familyRoutes,
  inviteRoutes,
  memberRoutes,
  grantRoutes,
  familyStaffRoutes,
  integrityRoutes,
  integrityStaffRoutes,
  ...Object.values(operationsRoutes),
  auditRoutes,
].flatMap((r) => Object.values<RouteContract>(r as Record<string, RouteContract>));
/** Every message between services; the same holds. */
export const allMessages: readonly MessageContract[] = [
  auditMessages,
  authMessages,
  accountMessages,
  vaultMessages,
  fenceMessages,
  storageMessages,
  policyMessages,
  standingMessages,
  inviteMessages,
  libraryMessages,
  pulseMessages,
  nudgeMessages,
].flatMap((m) => Object.values<MessageContract>(m as Record<string, MessageContract>));
