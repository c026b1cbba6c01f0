import {
  integrityRoutes,
  limits,
  newId,
  type Finding,
  type FindingState,
  type Scrub,
  type ScrubId,
} from '@heirloom/contracts';
import type { SignedInOperator } from './operator.ts';

/**
 * Begins to read every copy in every location.
 *
 * @returns the scrub that runs, and whether it ran before: there is never more than one
 */
export async function startScrub({ http }: SignedInOperator): Promise<{ scrub: Scrub; ranBefore: boolean }> {
  const scrubId = newId<ScrubId>();
  const scrub = await http.call(integrityRoutes.startScrub, { body: { scrubId } });
  return { scrub, ranBefore: scrub.scrubId !== scrubId };
}

/** The newest first. */
export async function newestScrubs({ http }: SignedInOperator, limit: number): Promise<Scrub[]> {
  return (await http.call(integrityRoutes.scrubs, { query: { limit } })).scrubs;
}

export interface FindingsWanted {
  /** Of this scrub only. */
  scrubId?: ScrubId | undefined;
  /** In this state only. */
  state?: FindingState | undefined;
  /** So many at most. */
  newest?: number | undefined;
}

/** What scrubs found, the newest first. */
export async function listFindings(
  { http }: SignedInOperator,
  { scrubId, state, newest = Number.POSITIVE_INFINITY }: FindingsWanted = {},
): Promise<Finding[]> {
  const findings: Finding[] = [];
  const query = { ...(scrubId === undefined ? {} : { scrubId }), ...(state === undefined ? {} : { state }) };
  let before: Finding['findingId'] | null | undefined;
  while (before !== null && findings.length < newest) {
    const limit = Math.min(limits.findingsPerPage, newest - findings.length);
    const page = await http.call(integrityRoutes.findings, {
      query: { ...query, ...(before === undefined ? {} : { before }), limit },
    });
    findings.push(...page.findings);
    before = page.next;
  }
  return findings;
}
