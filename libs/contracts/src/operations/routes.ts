import { z } from 'zod';
import { limits } from '../base/limits.ts';
import { route } from '../base/route.ts';
import { servicePrefix, type ServiceName } from '../base/services.ts';
import { job, jobName, settingInForce } from './schemas.ts';

/** What every service answers to operators about itself. */
function operationsOf<S extends ServiceName>(service: S) {
  const prefix: `/api/${string}` = servicePrefix[service];
  const name = prefix.slice('/api/'.length);
  const oneJob = z.object({ name: jobName });
  return {
    /** Its background work, by name. */
    jobs: route({
      service,
      id: `${name}.jobs.list`,
      method: 'GET',
      path: `${prefix}/staff/jobs`,
      access: 'operator',
      output: z.object({ jobs: z.array(job).max(limits.jobsPerService) }),
    }),
    /** Puts the jobs of a name that have failed for good back into the queue. */
    retryJobs: route({
      service,
      id: `${name}.jobs.retry`,
      method: 'POST',
      path: `${prefix}/staff/jobs/:name/retry`,
      access: 'operator',
      params: oneJob,
      output: z.object({ retried: z.int().min(0) }),
    }),
    /** Has a job run now, or once more after the run that is under way. */
    runJob: route({
      service,
      id: `${name}.jobs.run`,
      method: 'POST',
      path: `${prefix}/staff/jobs/:name/run`,
      access: 'operator',
      params: oneJob,
    }),
    /** The settings that this service reads, and where each one comes from. Of secrets, only whether they are set. */
    settings: route({
      service,
      id: `${name}.settings.list`,
      method: 'GET',
      path: `${prefix}/staff/settings`,
      access: 'operator',
      output: z.object({ settings: z.array(settingInForce) }),
    }),
  };
}

export const operationsRoutes = {
  auth: operationsOf('auth'),
  vault: operationsOf('vault'),
  'sharing-policy': operationsOf('sharing-policy'),
  'integrity-checker': operationsOf('integrity-checker'),
} as const;
