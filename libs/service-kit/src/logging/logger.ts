import type { LoggerService } from '@nestjs/common';
import { pino, type Logger as PinoLogger, type DestinationStream } from 'pino';

export type Log = PinoLogger;

/** Fields that must never be readable in a log, wherever they turn up. The rule is not to log them at all; this is the net below it. */
const secretFields = [
  'authorization',
  'cookie',
  'password',
  'token',
  'accessToken',
  'refreshToken',
  'credential',
  'secret',
  'body',
  'query',
];

/**
 * What is said of an error: never the other fields that libraries hang on theirs, which may be a whole connection with
 * all that it was asked. Errors of `node:fs` come from another realm in tests, so they are told by their shape.
 */
function errorFields(error: unknown): Record<string, unknown> {
  if (typeof error !== 'object' || error === null || !('message' in error)) return { message: String(error) };
  const { name, message, stack, code, cause } = error as Error & { code?: unknown };
  return {
    type: name,
    message,
    ...(typeof code === 'string' || typeof code === 'number' ? { code } : {}),
    stack,
    ...(cause === undefined ? {} : { cause: errorFields(cause) }),
  };
}

/** Structured logs: one JSON object a line. */
export const createLog = (level: string, destination?: DestinationStream): Log =>
  pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      serializers: { err: errorFields },
      formatters: { level: (label) => ({ level: label }) },
      redact: {
        paths: secretFields.flatMap((field) => [field, `*.${field}`, `*.*.${field}`]),
        censor: '[redacted]',
      },
    },
    destination ?? pino.destination({ dest: 2, sync: true }),
  );

/** What Nest says about its own inner life while it starts. */
const chatter = new Set([
  'InstanceLoader',
  'RoutesResolver',
  'RouterExplorer',
  'NestFactory',
  'NestApplication',
  'NestMicroservice',
]);

/** The sentence of a log line: the message itself, or what follows an object of fields, as pino has it. */
function textOf(message: unknown, rest: readonly unknown[], context: string | undefined): string | undefined {
  if (typeof message === 'string') return message;
  const [next] = rest;
  return typeof next === 'string' && (rest.length > 1 || next !== context) ? next : undefined;
}

/** Nest's `Logger` written through pino, so that `new Logger('Uploads')` in a service needs no setup. */
export class NestLog implements LoggerService {
  constructor(private readonly log_: Log) {}

  log(message: unknown, ...rest: unknown[]): void {
    this.#write('info', message, rest);
  }
  error(message: unknown, ...rest: unknown[]): void {
    this.#write('error', message, rest);
  }
  warn(message: unknown, ...rest: unknown[]): void {
    this.#write('warn', message, rest);
  }
  debug(message: unknown, ...rest: unknown[]): void {
    this.#write('debug', message, rest);
  }
  verbose(message: unknown, ...rest: unknown[]): void {
    this.#write('trace', message, rest);
  }
  fatal(message: unknown, ...rest: unknown[]): void {
    this.#write('fatal', message, rest);
  }

  /** Nest passes the context as the last argument, and for errors a stack before it. */
  #write(
    level: 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal',
    message: unknown,
    rest: unknown[],
  ): void {
    const context = typeof rest.at(-1) === 'string' ? (rest.at(-1) as string) : undefined;
    const fields: Record<string, unknown> = context ? { context } : {};
    const stack = rest.find((part) => typeof part === 'string' && part.includes('\n    at '));
    if (stack) fields['stack'] = stack;
    if (message instanceof Error) fields['err'] = message;
    else if (typeof message === 'object' && message !== null) Object.assign(fields, message);
    const text = message instanceof Error ? message.message : textOf(message, rest, context);
    const calm = level === 'info' && context !== undefined && chatter.has(context) ? 'debug' : level;
    this.log_[calm](fields, text);
  }
}
