import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { Log } from '../logging/logger.ts';

export type Labels = Readonly<Record<string, string>>;
/** One line of a metric. */
export interface Sample {
  readonly labels: Labels;
  readonly value: number;
}
export interface GaugeSpec {
  /** By the conventions of Prometheus: `heirloom_` first, the base unit last. */
  readonly name: string;
  readonly help: string;
  readonly labels: readonly string[];
  /** Called when somebody asks, and not again within a few seconds. What it cannot tell is left out. */
  readonly read: () => Promise<readonly Sample[]> | readonly Sample[];
}

type Reader = () => Promise<readonly Sample[]>;

const keepMs = 5_000;
const readTimeoutMs = 5_000;
/** Seconds. Most answers take milliseconds; an upload may take minutes. */
const buckets = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];
const durationLabels = {
  http_request: ['service', 'method', 'route'],
  message: ['service', 'message'],
  job: ['service', 'job'],
} as const;
const countLabels = {
  http_requests: ['service', 'method', 'route', 'code'],
  messages_handled: ['service', 'message', 'outcome'],
  job_runs: ['service', 'job', 'outcome'],
} as const;

/** All metrics of one process, whichever services run in it. */
export class MetricsRegistry {
  readonly #registry = new Registry();
  readonly #readers = new Map<string, Reader[]>();
  readonly httpSeconds = this.#histogram('http_request', 'How long requests took that do not stream.');
  readonly messageSeconds = this.#histogram('message', 'How long messages of other services took.');
  readonly jobSeconds = this.#histogram('job', 'How long runs of background jobs took.');
  readonly httpRequests = this.#counter('http_requests', 'Requests that were answered.');
  readonly messages = this.#counter('messages_handled', 'Messages of other services that were handled.');
  readonly jobRuns = this.#counter('job_runs', 'Runs of background jobs that ended.');

  constructor(private readonly log: Log) {}

  /** Adds what Node and the process say of themselves. It costs a little, so only where somebody may ask. */
  addProcess(): void {
    collectDefaultMetrics({ register: this.#registry });
  }

  /** Several services of a process may add to one gauge. */
  gauge(spec: GaugeSpec): void {
    const reader = kept(spec, this.log);
    const known = this.#readers.get(spec.name);
    if (known) return void known.push(reader);
    const readers = [reader];
    this.#readers.set(spec.name, readers);
    const gauge: Gauge = new Gauge({
      name: spec.name,
      help: spec.help,
      labelNames: [...spec.labels],
      registers: [this.#registry],
      collect: async () => {
        const samples = (await Promise.all(readers.map((read) => read()))).flat();
        gauge.reset();
        // Without labels it would be 0 where there is nothing to tell.
        if (spec.labels.length === 0) gauge.remove();
        for (const { labels, value } of samples) gauge.set(labels, value);
      },
    });
  }

  /** The text that Prometheus reads, and its content type. */
  async expose(): Promise<{ type: string; text: string }> {
    return { type: this.#registry.contentType, text: await this.#registry.metrics() };
  }

  #histogram(of: keyof typeof durationLabels, help: string): Histogram {
    const name = `heirloom_${of}_duration_seconds`;
    return new Histogram({
      name,
      help,
      labelNames: [...durationLabels[of]],
      buckets,
      registers: [this.#registry],
    });
  }

  #counter(of: keyof typeof countLabels, help: string): Counter {
    const name = `heirloom_${of}_total`;
    return new Counter({ name, help, labelNames: [...countLabels[of]], registers: [this.#registry] });
  }
}

/** Reads at most every few seconds, however many ask, and never fails. */
function kept({ name, read }: GaugeSpec, log: Log): Reader {
  let last: { at: number; samples: Promise<readonly Sample[]> } | undefined;
  return () => {
    if (!last || performance.now() - last.at > keepMs) {
      const samples = inTime(async () => read()).catch((err: unknown) => {
        log.debug({ err, metric: name }, 'a metric could not be read');
        return [];
      });
      last = { at: performance.now(), samples };
    }
    return last.samples;
  };
}

async function inTime<T>(work: () => Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error('it took too long')), readTimeoutMs);
  });
  try {
    return await Promise.race([work(), late]);
  } finally {
    clearTimeout(timer);
  }
}
