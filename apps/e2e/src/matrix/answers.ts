import { problem, type RouteContract } from '@heirloom/contracts';
import { z } from 'zod';
import type { WireAnswer } from '../refusals/requests.ts';

const commitAnswer = z.object({ results: z.array(z.object({ code: z.string().optional() })).length(1) });
/** An answer to HEAD has no body that could say it. */
const codeOfStatus: Readonly<Record<number, string>> = {
  401: 'token-missing',
  403: 'forbidden',
  404: 'not-found',
};

/** With which status and code a route refused, or neither. */
export function refusalIn(route: RouteContract, answer: WireAnswer): { status: number; code?: string } {
  const { status, text } = answer;
  if (status >= 500) throw new Error(`${route.id} failed with ${status}: ${text}`);
  if (status >= 400) {
    const code = route.method === 'HEAD' ? codeOfStatus[status] : problem.parse(JSON.parse(text)).code;
    return { status, ...(code ? { code } : {}) };
  }
  if (route.id !== 'vault.photos.commit') return { status };
  // Each item of this request answers for itself.
  const { code } = commitAnswer.parse(JSON.parse(text)).results[0]!;
  return code === 'not-found' || code === 'forbidden' ? { status: 404, code } : { status };
}
