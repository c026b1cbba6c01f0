import { authMessages } from './auth/messages.ts';
import { authRoutes } from './auth/routes.ts';
import type { MessageContract } from './base/message.ts';
import type { RouteContract } from './base/route.ts';
import { policyMessages } from './family/messages.ts';
import { familyRoutes } from './family/routes.ts';
import { integrityRoutes } from './integrity/routes.ts';
import { vaultMessages } from './vault/messages.ts';
import { vaultRoutes } from './vault/routes.ts';

/** Every HTTP route there is. */
export const allRoutes: readonly RouteContract[] = [
  authRoutes,
  vaultRoutes,
  familyRoutes,
  integrityRoutes,
].flatMap((r) => Object.values<RouteContract>(r as Record<string, RouteContract>));
/** Every message between services there is. */
export const allMessages: readonly MessageContract[] = [authMessages, vaultMessages, policyMessages].flatMap(
  (m) => Object.values<MessageContract>(m as Record<string, MessageContract>),
);
