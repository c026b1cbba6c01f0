import { isErrorCode, type ErrorCode, type Job as JobReport } from '@heirloom/contracts';
import type { Job, Queue } from 'bullmq';

type Counts = Pick<JobReport, 'waiting' | 'active' | 'failed'>;

/** What the job store keeps of a failure: its code alone, since an error's text may name what nobody but its reader should see. */
export class JobFailed extends Error {
  constructor(code: ErrorCode) {
    super(code);
    this.name = 'JobFailed';
    // The stack would be stored too; the log has that of the cause.
    delete this.stack;
  }
}

/** @param isScheduled one of the delayed jobs is the next run by the clock, which waits for nothing */
export async function countJobs(queue: Queue, isScheduled: boolean): Promise<Counts> {
  const {
    waiting = 0,
    prioritized = 0,
    delayed = 0,
    active = 0,
    failed = 0,
  } = await queue.getJobCounts('waiting', 'prioritized', 'delayed', 'active', 'failed');
  return { waiting: waiting + prioritized + Math.max(0, delayed - Number(isScheduled)), active, failed };
}

/** The run that ended last, of those that the store remembers. */
export async function lastRunOf(queue: Queue): Promise<JobReport['lastRun']> {
  const ended = await Promise.all(
    (['completed', 'failed'] as const).map(async (state) => (await queue.getJobs([state], 0, 0))[0]),
  );
  const [last] = ended
    .filter((job): job is Job => job?.finishedOn !== undefined)
    .sort((a, b) => b.finishedOn! - a.finishedOn!);
  if (!last) return null;
  const { finishedOn = 0, processedOn = finishedOn, failedReason, attemptsMade } = last;
  return {
    finishedAt: new Date(finishedOn),
    ms: Math.max(0, finishedOn - processedOn),
    code: failedReason ? (isErrorCode(failedReason) ? failedReason : 'internal') : null,
    attempts: attemptsMade,
  };
}
