import type { ServiceName } from '@heirloom/contracts';
import type { DatabaseConnections } from '../database/database-connections.ts';
import type { Jobs } from '../jobs/jobs.ts';
import type { Health } from '../run/health.ts';
import { version } from '../run/version.ts';
import type { Metrics } from './metrics.ts';

interface Parts {
  readonly service: ServiceName;
  readonly metrics: Metrics;
  readonly health: Health;
  readonly jobs: Jobs;
  readonly connections: DatabaseConnections;
}

/** What every service tells about itself. */
export function addServiceGauges({ service, metrics, health, jobs, connections }: Parts): void {
  metrics.gauge({
    name: 'heirloom_build_info',
    help: 'The release that runs; always 1.',
    labels: ['service', 'version'],
    read: () => [{ labels: { service, version }, value: 1 }],
  });
  metrics.gauge({
    name: 'heirloom_part_ready',
    help: '1 for a part that works, 0 for one without which the service is not ready.',
    labels: ['service', 'part'],
    read: async () =>
      Object.entries(await health.report()).map(([part, state]) => ({
        labels: { service, part },
        value: state === 'ok' ? 1 : 0,
      })),
  });
  metrics.gauge({
    name: 'heirloom_jobs',
    help: 'Background jobs, of all instances of the service, by their state: waiting, active, failed.',
    labels: ['service', 'job', 'state'],
    read: async () =>
      (await jobs.counts()).flatMap(({ name, waiting, active, failed }) =>
        Object.entries({ waiting, active, failed }).map(([state, value]) => ({
          labels: { service, job: name, state },
          value,
        })),
      ),
  });
  metrics.gauge({
    name: 'heirloom_database_connections',
    help: 'Connections of this instance to its database: busy, idle; waiting are those who wait for one.',
    labels: ['service', 'state'],
    read: () =>
      Object.entries(connections.usage()).map(([state, value]) => ({ labels: { service, state }, value })),
  });
}
