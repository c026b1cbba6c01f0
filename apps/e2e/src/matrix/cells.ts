import { abilityFor, type FamilyAbility } from '@heirloom/access';
import type { Access, ErrorCode } from '@heirloom/contracts';
import { aims } from './aims.ts';
import type { Asker, Company, Things } from './people.ts';

export interface Cell {
  /** The route or message. */
  readonly id: string;
  readonly asker: Asker;
  /** Whose things the request is aimed at. */
  readonly things: Things;
  readonly aimedAt: 'shared' | 'unshared' | 'own';
  readonly allowed: boolean;
}

/** Refusals of who asks, which the contract alone decides. */
const gateCodes: ReadonlySet<string> = new Set<ErrorCode>([
  'token-missing',
  'token-invalid',
  'token-expired',
  'device-revoked',
  'forbidden',
]);
/** Where a thing is asked for, not seeing it is a refusal too. */
const thingCodes: ReadonlySet<string> = new Set<ErrorCode>(['not-found', 'no-family']);

/**
 * Answers that look like the gate's, of routes that check what the body carries: without a good refresh token there
 * is no sign-in to renew.
 */
const spokenByHandlers: Readonly<Record<string, ErrorCode>> = { 'auth.sessions.refresh': 'token-invalid' };

/** All cells of one route or message: each person, aimed at each thing that the table could tell apart. */
export function cellsOf(id: string, access: Access, { askers, targets }: Company): Cell[] {
  const cells = askers.flatMap((asker) => {
    const seen = new Set<string>();
    const all = [
      ['shared', targets.shared],
      ['unshared', targets.unshared],
      ['own', asker.things],
    ] as const;
    return all.flatMap(([aimedAt, things]): Cell[] => {
      const aim = aims[id]?.(things, asker.things);
      if (aims[id] && !aim) return [];
      const key = JSON.stringify(aim ?? null);
      if (seen.has(key)) return [];
      seen.add(key);
      return [{ id, asker, things, aimedAt, allowed: mayAsk(id, access, asker, things) }];
    });
  });
  // Whoever is refused goes first: what an allowed request uses up cannot be the reason of a refusal.
  return cells.sort((a, b) => Number(a.allowed) - Number(b.allowed));
}

/** The answer that the contract and the table of libs/access give. */
function mayAsk(id: string, access: Access, { name, standing, things: own }: Asker, things: Things): boolean {
  if (access === 'public' || access === 'service') return true;
  if (access === 'operator') return name === 'operator';
  if (access === 'staff') return name === 'operator' || name === 'support';
  if (standing === null) return false;
  if (typeof access === 'string') return true;
  const ability: FamilyAbility = abilityFor(standing);
  if (!ability.can(access.action, access.subject)) return false;
  const aim = aims[id]?.(things, own);
  return !aim || ability.can(aim.action ?? access.action, aim.row);
}

/** Whether an answer let the person pass; what else it found wrong with the request does not matter here. */
export function passed(id: string, access: Access, code: string | undefined): boolean {
  if (code === undefined || code === spokenByHandlers[id]) return true;
  if (gateCodes.has(code)) return false;
  return !(typeof access === 'object' && thingCodes.has(code));
}

/** What somebody without a token is told, and everybody else. */
export const isRefusal = (asker: Asker, status: number): boolean =>
  asker.name === 'nobody' ? status === 401 : status === 403 || status === 404;
