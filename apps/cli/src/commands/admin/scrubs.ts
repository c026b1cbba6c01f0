import { setTimeout as wait } from 'node:timers/promises';
import { integrityRoutes, type Scrub, type ScrubId } from '@heirloom/contracts';
import { longPatience, newestScrubs, startScrub } from '@heirloom/client';
import type { Context } from '../../context.ts';
import { exitCodes, type CommandResult } from '../../output/io.ts';
import { count, minuteText, sizeText } from '../../output/text.ts';
import { withOperator } from './operator-context.ts';

export interface StartScrubOptions {
  wait?: boolean;
}

const pollMs = 1_000;
/** So many scrubs the status tells of with `--json`, the newest first. */
const shownScrubs = 10;
/** Repairs of which none has ended for so long are not waited for. */
const repairPatienceMs = 60_000;

/** `heirloom admin scrub start` */
export async function startScrubCommand(
  context: Context,
  options: StartScrubOptions,
): Promise<CommandResult> {
  const { scrub, ranBefore } = await withOperator(context, startScrub);
  const remarks = ranBefore ? ['A scrub was running already; it goes on.'] : [];
  if (!options.wait) return { document: { scrub: documentOf(scrub) }, lines: linesOf(scrub), remarks };
  const ended = await untilSettled(context, scrub);
  if (repairsOf(ended) > 0)
    remarks.push('Not everything is repaired yet. "heirloom admin scrub status" says how it goes on.');
  return {
    document: { scrub: documentOf(ended) },
    lines: linesOf(ended),
    remarks,
    exitCode: isWell(ended) ? exitCodes.ok : exitCodes.failed,
  };
}

/** `heirloom admin scrub status` */
export async function scrubStatusCommand(context: Context): Promise<CommandResult> {
  const scrubs = await withOperator(context, (operator) => newestScrubs(operator, shownScrubs));
  const [newest] = scrubs;
  return {
    document: { scrubs: scrubs.map(documentOf) },
    lines: newest
      ? linesOf(newest)
      : ['There has been no scrub yet. Begin one with "heirloom admin scrub start".'],
  };
}

/** Whether the scrub has read everything and nothing is left that it could not mend. */
const isWell = ({ state, findings }: Scrub): boolean =>
  state === 'complete' && findings.unrepairable + findings.open + findings.repairing === 0;

const repairsOf = ({ findings }: Scrub): number => findings.open + findings.repairing;

/** Until the scrub has ended, and its repairs too. The profile is free for other commands between two looks. */
async function untilSettled(context: Context, begun: Scrub): Promise<Scrub> {
  let scrub = begun;
  let progressAt = performance.now();
  for (;;) {
    if (scrub.state !== 'running') {
      if (repairsOf(scrub) === 0 || performance.now() - progressAt > repairPatienceMs) return scrub;
    }
    await wait(pollMs, undefined, { signal: context.io.signal });
    const next = await look(context, scrub.scrubId);
    if (next.state === 'running' || repairsOf(next) !== repairsOf(scrub)) progressAt = performance.now();
    if (context.io.isWatched && tenthsOf(next) > tenthsOf(scrub)) context.io.err(progressText(next));
    scrub = next;
  }
}

const look = (context: Context, scrubId: ScrubId): Promise<Scrub> =>
  withOperator(context, ({ http }) =>
    http.call(
      integrityRoutes.scrub,
      { params: { scrubId } },
      { patience: longPatience, signal: context.io.signal },
    ),
  );

const tenthsOf = ({ slicesDone, slices }: Scrub): number =>
  Math.floor((10 * slicesDone) / Math.max(1, slices));
const progressText = ({ slicesDone, slices, bytesRead }: Scrub): string =>
  `${slicesDone} of ${count(slices, 'slice')}, ${sizeText(bytesRead)} read.`;

const documentOf = ({ scrubId: id, ...scrub }: Scrub) => ({ id, ...scrub });

function linesOf(scrub: Scrub): string[] {
  const { scrubId, state, startedAt, finishedAt, slicesFailed, copies, bytesRead } = scrub;
  const ended = finishedAt ? `, ended ${minuteText(finishedAt)}` : '';
  const read = `${count(copies, 'copy', 'copies')} (${sizeText(bytesRead)})`;
  const sentence = {
    running: `Runs: ${progressText(scrub)}`,
    complete: `Complete: ${read} read.`,
    partial: `Partial: ${read} read, ${count(slicesFailed, 'slice')} could not be read. "heirloom admin locations" may say why.`,
  }[state];
  return [`Scrub ${scrubId}, begun ${minuteText(startedAt)}${ended}.`, sentence, findingsText(scrub)];
}

function findingsText({ findings }: Scrub): string {
  const parts = [
    [findings.repaired, 'repaired'],
    [findings.repairing + findings.open, 'being repaired'],
    [findings.unrepairable, 'WITHOUT ANY GOOD COPY'],
    [findings.reported, 'unknown and left alone'],
  ] as const;
  const present = parts.filter(([n]) => n > 0).map(([n, what]) => `${n.toLocaleString('en')} ${what}`);
  return present.length > 0 ? `Found: ${present.join(', ')}.` : 'Nothing was found to be wrong.';
}
