import { z } from 'zod';
import { bytesCount, moment } from '../base/codecs.ts';
import { errorCode } from '../base/errors.ts';
import { limits } from '../base/limits.ts';
import { serviceName } from '../base/services.ts';

const count = z.int().min(0);

/** What somebody who looks at a page of the staff may have to read anew. */
export const staffTopic = z.enum([
  'scrubs',
  'findings',
  'locations',
  'jobs',
  'accounts',
  'families',
  'audit',
  'quotas',
  'instances',
  'staff',
]);
export type StaffTopic = z.infer<typeof staffTopic>;

/** The data of one server-sent event. */
export const staffEvent = z.object({ topics: z.array(staffTopic).min(1) });

export const jobName = z
  .string()
  .max(limits.jobNameCharacters)
  .regex(/^[a-z][a-z0-9-]*$/, 'must be lower-case letters, digits and dashes');

const jobCounts = { waiting: count, active: count, failed: count };

/** How many jobs of one name there are, in all instances of a service. */
export const jobQueue = z.object({ name: jobName, ...jobCounts });
export type JobQueue = z.infer<typeof jobQueue>;

/** A kind of background work of a service. */
export const job = z.object({
  name: jobName,
  /** Milliseconds between two runs; null for work that comes when something happens. */
  everyMs: z.int().min(1).nullable(),
  /** Also those that wait for their next try. */
  ...jobCounts,
  /** The run that ended last, as far as the job store remembers. `code` says why it failed. */
  lastRun: z
    .object({ finishedAt: moment, ms: count, code: errorCode.nullable(), attempts: count })
    .nullable(),
});
export type Job = z.infer<typeof job>;

/**
 * - `environment`, `file`: set by the operator, the latter by the name with `_FILE`.
 * - `home`: made by home, which keeps it in its data folder.
 * - `default`: nobody set it.
 */
export const settingOrigin = z.enum(['environment', 'file', 'home', 'default']);
export type SettingOrigin = z.infer<typeof settingOrigin>;

/** A setting as it holds now. */
export const settingInForce = z.object({
  name: z.string(),
  description: z.string(),
  /** In words, for example `a port number`. */
  type: z.string(),
  origin: settingOrigin,
  isSet: z.boolean(),
  isSecret: z.boolean(),
  /** As it would be written. Always null for a secret, and where there is none. */
  value: z.string().nullable(),
});
export type SettingInForce = z.infer<typeof settingInForce>;

/** A part without which a service does not work; `problem` is a sentence, null while it works. */
export const part = z.object({ name: z.string().max(64), problem: z.string().max(500).nullable() });

/** What every process says of itself every limits.pulseMs. */
export const pulse = z.object({
  /** Drawn at the start of the process, for each service in it. */
  instance: z.uuid(),
  /** The machine's name; a pod's in Kubernetes. */
  host: z.string().max(253),
  version: z.string().max(64),
  startedAt: moment,
  /** The longest delay of the event loop since the pulse before, in milliseconds. */
  loopLagMs: z.number().min(0),
  memoryBytes: bytesCount,
  /** Requests that were answered within limits.pulseWindowMs, and those of them that were answered by 500 and more. */
  requests: count,
  errors: count,
  parts: z.array(part).max(limits.partsPerInstance),
  jobs: z.array(jobQueue).max(limits.jobsPerService),
  /** Set in the last pulse of a process that ends as it should. */
  isLeaving: z.boolean().optional(),
});
export type Pulse = z.infer<typeof pulse>;

/**
 * - `up`: every part works. `unwell`: one does not.
 * - `silent`: it did not say that it ends, and has not been heard for limits.pulseSilentMs.
 */
export const instanceState = z.enum(['up', 'unwell', 'silent']);
export type InstanceState = z.infer<typeof instanceState>;

export const instance = pulse
  .omit({ isLeaving: true })
  .extend({ service: serviceName, state: instanceState, heardAt: moment });
export type Instance = z.infer<typeof instance>;
