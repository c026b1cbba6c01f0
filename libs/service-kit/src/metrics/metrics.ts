import { Injectable } from '@nestjs/common';
import type { RouteContract, ServiceName } from '@heirloom/contracts';
import type { GaugeSpec, MetricsRegistry } from './registry.ts';

const msPerSecond = 1000;

/**
 * What one service counts and measures. Labels are names out of contracts and configuration, never anything that a person
 * gave: no id, address or name, so the number of lines is bounded and a metric tells nothing of anybody.
 */
@Injectable()
export class Metrics {
  constructor(
    private readonly registry: MetricsRegistry,
    private readonly service: ServiceName,
  ) {}

  /** @param contract undefined for an address that is no route */
  request(contract: RouteContract | undefined, method: string, status: number, ms: number): void {
    const { service } = this;
    const labels = { service, method: contract ? method : 'any', route: contract?.path ?? 'none' };
    this.registry.httpRequests.inc({ ...labels, code: String(status) });
    // How long a stream takes says more about its reader.
    if (contract && !contract.stream) this.registry.httpSeconds.observe(labels, ms / msPerSecond);
  }

  /** @param outcome `ok` or the code of the refusal */
  message(message: string, outcome: string, ms: number): void {
    const { service } = this;
    this.registry.messages.inc({ service, message, outcome });
    this.registry.messageSeconds.observe({ service, message }, ms / msPerSecond);
  }

  /** @param outcome `ok` or the code of the failure */
  job(job: string, outcome: string, ms: number): void {
    const { service } = this;
    this.registry.jobRuns.inc({ service, job, outcome });
    this.registry.jobSeconds.observe({ service, job }, ms / msPerSecond);
  }

  /** A number that is read when somebody asks. */
  gauge(spec: GaugeSpec): void {
    this.registry.gauge(spec);
  }
}
