import { AppError, scrubId, type Finding, type FindingState, type ScrubId } from '@heirloom/contracts';
import { listFindings } from '@heirloom/client';
import type { Context } from '../../context.ts';
import type { CommandResult } from '../../output/io.ts';
import { minuteText, table } from '../../output/text.ts';
import { withOperator } from './operator-context.ts';

export interface FindingsOptions {
  scrub?: string;
  state?: FindingState;
  newest?: number;
}

/** `heirloom admin findings` */
export async function findingsCommand(context: Context, options: FindingsOptions): Promise<CommandResult> {
  const wanted = { scrubId: scrubOf(options), state: options.state, newest: options.newest };
  const findings = await withOperator(context, (operator) => listFindings(operator, wanted));
  return {
    document: {
      findings: findings.map(({ findingId: id, ...finding }) => ({ id, ...finding })),
    },
    lines:
      findings.length === 0
        ? [options.state ? `No finding is ${options.state}.` : 'Nothing was found to be wrong.']
        : table(['found', 'location', 'kind', 'state', 'file'], findings.map(rowOf)),
  };
}

function scrubOf({ scrub }: FindingsOptions): ScrubId | undefined {
  if (scrub === undefined) return undefined;
  const parsed = scrubId.safeParse(scrub);
  if (parsed.success) return parsed.data;
  throw new AppError('bad-request', {
    detail: `"${scrub}" is not the id of a scrub. "heirloom admin scrub status" shows one.`,
  });
}

const rowOf = ({ foundAt, locationId, kind, state, path }: Finding) => [
  minuteText(foundAt),
  locationId,
  kind,
  state,
  path,
];
