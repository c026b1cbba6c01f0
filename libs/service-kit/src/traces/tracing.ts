import {
  ROOT_CONTEXT,
  type SpanKind,
  SpanStatusCode,
  trace,
  type Context,
  type Span,
  type Tracer,
} from '@opentelemetry/api';
import { AppError, type ServiceName } from '@heirloom/contracts';
import { AsyncLocalStorage } from 'node:async_hooks';
import { hostname } from 'node:os';
import { version } from '../run/version.ts';
import { readTraceParent, writeTraceParent } from './trace-parent.ts';

export { SpanKind } from '@opentelemetry/api';

/** Names out of contracts, numbers and request ids; never what a person gave. */
export type SpanFacts = Readonly<Record<string, string | number>>;

export interface SpanSpec {
  readonly name: string;
  readonly kind: SpanKind;
  readonly facts: SpanFacts;
  /** What it continues, as W3C Trace Context writes it. Left out, it belongs to what is going on right now. */
  readonly parent?: string | undefined;
}

interface Ending {
  shutdown(): Promise<void>;
}

/** One for all services of a process, so that what one asks another in the same process stays together. */
const current = new AsyncLocalStorage<Context>();
const flushMs = 2_000;

/** What one service tells of the way of requests, messages and jobs through it. Tells nothing unless it was given an address. */
export class Tracing {
  private constructor(
    private readonly tracer: Tracer | undefined,
    private readonly provider: Ending | undefined,
  ) {}

  static readonly off = new Tracing(undefined, undefined);

  /** @param url where a collector takes OTLP over HTTP, for example http://127.0.0.1:4318/v1/traces */
  static async to(url: string, service: ServiceName): Promise<Tracing> {
    // Loaded by those who want it: it is large.
    const [{ BatchSpanProcessor, TracerProvider }, { OTLPTraceExporter }, { resourceFromAttributes }] =
      await Promise.all([
        import('@opentelemetry/sdk-trace'),
        import('@opentelemetry/exporter-trace-otlp-http'),
        import('@opentelemetry/resources'),
      ]);
    const provider = new TracerProvider({
      resource: resourceFromAttributes({
        'service.namespace': 'heirloom',
        'service.name': service,
        'service.version': version,
        'service.instance.id': hostname(),
      }),
      spanProcessors: [new BatchSpanProcessor({ exporter: new OTLPTraceExporter({ url }) })],
    });
    return new Tracing(provider.getTracer('heirloom', version), provider);
  }

  /** What is going on right now, for others to continue; undefined where nothing is traced. */
  get traceParent(): string | undefined {
    const span = this.tracer && trace.getSpan(current.getStore() ?? ROOT_CONTEXT);
    return span && writeTraceParent(span.spanContext());
  }

  /** Runs work within a span of its own. */
  async span<T>(spec: SpanSpec, work: () => Promise<T>): Promise<T> {
    const begun = this.#begin(spec);
    if (!begun) return work();
    const { span, context } = begun;
    try {
      return await current.run(context, work);
    } catch (error) {
      failed(span, error instanceof AppError ? error.code : 'internal');
      throw error;
    } finally {
      span.end();
    }
  }

  /** The same, but only for what something else brought about: background talk would drown the rest. */
  async continued<T>(spec: SpanSpec, work: () => Promise<T>): Promise<T> {
    const isContinued = spec.parent !== undefined || current.getStore() !== undefined;
    return isContinued ? this.span(spec, work) : work();
  }

  /** For what goes on in callbacks: runs `then` within a span, and answers how to end it. */
  open(spec: SpanSpec, then: () => void): (facts: SpanFacts, code?: string) => void {
    const begun = this.#begin(spec);
    if (!begun) {
      then();
      return () => {};
    }
    const { span, context } = begun;
    current.run(context, then);
    return (facts, code) => {
      span.setAttributes({ ...facts });
      if (code !== undefined) failed(span, code);
      span.end();
    };
  }

  /** Sends what is still to be sent, within a bound. */
  async close(): Promise<void> {
    if (!this.provider) return;
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => (timer = setTimeout(resolve, flushMs)));
    await Promise.race([this.provider.shutdown().catch(() => undefined), late]);
    clearTimeout(timer);
  }

  #begin({ name, kind, facts, parent }: SpanSpec): { span: Span; context: Context } | undefined {
    if (!this.tracer) return undefined;
    const remote = readTraceParent(parent);
    const before = remote ? trace.setSpanContext(ROOT_CONTEXT, remote) : (current.getStore() ?? ROOT_CONTEXT);
    const span = this.tracer.startSpan(name, { kind, attributes: { ...facts } }, before);
    return { span, context: trace.setSpan(before, span) };
  }
}

/** The code alone: an error's text may hold more than a trace should. */
function failed(span: Span, code: string): void {
  span.setStatus({ code: SpanStatusCode.ERROR });
  span.setAttribute('error.type', code);
}
