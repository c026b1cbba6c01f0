import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { Metrics } from '@heirloom/service-kit';
import { Coverage } from '../coverage/coverage.ts';
import { AuditFigures } from './audit-figures.ts';
import { Findings } from '../findings/findings.ts';
import { Instances } from '../instances/instances.ts';
import { Scrubs } from '../scrubs/scrubs.ts';

const seconds = (at: Date): number => at.getTime() / 1000;

/** What Prometheus may know of scrubs, findings and instances. */
@Injectable()
export class CheckerGauges implements OnApplicationBootstrap {
  constructor(
    private readonly metrics: Metrics,
    private readonly findings: Findings,
    private readonly scrubs: Scrubs,
    private readonly coverage: Coverage,
    private readonly instances: Instances,
    private readonly audit: AuditFigures,
  ) {}

  onApplicationBootstrap(): void {
    this.#addScrubs();
    this.#addAudit();
    this.metrics.gauge({
      name: 'heirloom_findings',
      help: 'Findings that are not at their end: open, repairing, unrepairable, reported.',
      labels: ['state'],
      read: async () =>
        Object.entries(await this.findings.live()).map(([state, value]) => ({ labels: { state }, value })),
    });
    this.metrics.gauge({
      name: 'heirloom_instances',
      help: 'Instances that were heard lately, by service and state: up, unwell, silent.',
      labels: ['service', 'state'],
      read: () => {
        const by = Map.groupBy(this.instances.list(), ({ service, state }) => `${service} ${state}`);
        return [...by.values()].map((same) => {
          const { service, state } = same[0]!;
          return { labels: { service, state }, value: same.length };
        });
      },
    });
  }

  #addAudit(): void {
    this.metrics.gauge({
      name: 'heirloom_audit_entries',
      help: 'Entries of the audit trail that are kept.',
      labels: [],
      read: async () => [{ labels: {}, value: (await this.audit.read()).entries }],
    });
    this.metrics.gauge({
      name: 'heirloom_audit_confirmed_timestamp_seconds',
      help: 'All acts that were recorded before are in the audit trail; absent while a service was never heard.',
      labels: [],
      read: async () => {
        const { confirmedAt } = await this.audit.read();
        return confirmedAt ? [{ labels: {}, value: seconds(confirmedAt) }] : [];
      },
    });
    this.metrics.gauge({
      name: 'heirloom_audit_intact',
      help: '1 when the last check found the audit trail whole, 0 when not; absent before the first one.',
      labels: [],
      read: async () => {
        const { lastCheck } = await this.audit.read();
        return lastCheck ? [{ labels: {}, value: lastCheck.state === 'intact' ? 1 : 0 }] : [];
      },
    });
  }

  #addScrubs(): void {
    this.metrics.gauge({
      name: 'heirloom_scrub_checked_since_timestamp_seconds',
      help: 'When the last scrub began that read everything; absent before the first one.',
      labels: [],
      read: async () => {
        const { checkedSince } = await this.scrubs.checks();
        return checkedSince ? [{ labels: {}, value: seconds(checkedSince) }] : [];
      },
    });
    this.metrics.gauge({
      name: 'heirloom_scrub_progress_ratio',
      help: 'How much of the running scrub is done, from 0 to 1; absent while none runs.',
      labels: [],
      read: async () => {
        const { running } = await this.scrubs.checks();
        return running ? [{ labels: {}, value: running.share }] : [];
      },
    });
    this.metrics.gauge({
      name: 'heirloom_slices_oldest_read_timestamp_seconds',
      help: 'When the part of a location was read that nobody has read for longest; 0 for one that never was.',
      labels: ['location'],
      read: async () =>
        (await this.coverage.read()).locations.map(({ locationId, slices }) => ({
          labels: { location: locationId },
          value: Math.min(...slices.map((at) => (at ? seconds(at) : 0))),
        })),
    });
    this.metrics.gauge({
      name: 'heirloom_scrub_read_today_bytes',
      help: 'Bytes that scrubs have read today (UTC), in all instances.',
      labels: [],
      read: async () => {
        const last = (await this.coverage.read()).days.at(-1);
        const isToday = last?.day === new Date().toISOString().slice(0, 10);
        return [{ labels: {}, value: isToday ? last.bytesRead : 0 }];
      },
    });
  }
}
