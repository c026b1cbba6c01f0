import { z } from 'zod';
import { bytesCount, moment } from '../base/codecs.ts';
import { findingId, locationId, objectName, scrubId } from '../base/ids.ts';
import { limits } from '../base/limits.ts';

/** How a copy can be bad: other bytes or more of them, fewer bytes, or no file at all. */
export const badCopy = z.enum(['damaged', 'short', 'missing']);
export type BadCopy = z.infer<typeof badCopy>;

export const findingKind = z.enum([...badCopy.options, 'unknown']);
export type FindingKind = z.infer<typeof findingKind>;

/**
 * - `open`: seen twice; vault has not been told yet.
 * - `repairing`: vault makes the copy anew from a good one.
 * - `repaired`: the copy is good again.
 * - `unrepairable`: no copy in any location is known to be good. Nothing is changed; it is tried again.
 * - `reported`: something that the catalogue does not know. It is for a person to look at and is never touched.
 * - `gone`: it was not there any more when it was looked at again, or the catalogue has no such copy any more.
 */
export const findingState = z.enum(['open', 'repairing', 'repaired', 'unrepairable', 'reported', 'gone']);
export type FindingState = z.infer<typeof findingState>;

/** Something in a location that is not as it should be. */
export const finding = z.object({
  findingId,
  /** The scrub that saw it last. */
  scrubId,
  locationId,
  kind: findingKind,
  state: findingState,
  /** The object; null for something unknown that lies where no object would. */
  object: objectName.nullable(),
  /** Where it lies below the location's objects. A path that is longer is cut. */
  path: z.string().max(limits.unknownPathCharacters),
  foundAt: moment,
  changedAt: moment,
});
export type Finding = z.infer<typeof finding>;

export const scrubState = z.enum([
  'running',
  'complete',
  /** Some slices could not be read: their location did not answer. */
  'partial',
]);
export const scrubCause = z.enum(['schedule', 'operator']);

const count = z.int().min(0);

/** One reading of every copy in every location. */
export const scrub = z.object({
  scrubId,
  cause: scrubCause,
  state: scrubState,
  startedAt: moment,
  finishedAt: moment.nullable(),
  /** Each location is cut into 256 slices by the first two digits of objects' names. */
  slices: count,
  slicesDone: count,
  slicesFailed: count,
  /** Copies that were read. */
  copies: count,
  bytesRead: bytesCount,
  /** What this scrub saw last, by its present state. */
  findings: z.object(
    Object.fromEntries(findingState.options.map((state) => [state, count])) as Record<
      FindingState,
      typeof count
    >,
  ),
});
export type Scrub = z.infer<typeof scrub>;

export const checks = z.object({
  /** The begin of the last scrub that read all there was: every copy stored before has been read again since. */
  checkedSince: moment.nullable(),
  /** The scrub that reads now, with how much of its work is done, from 0 to 1. */
  running: z.object({ startedAt: moment, share: z.number().min(0).max(1) }).nullable(),
});
export type Checks = z.infer<typeof checks>;
