import {
  AppError,
  type ErrorCode,
  type RouteContract,
  type RouteInput,
  type RouteOutput,
} from '@heirloom/contracts';
import { z } from 'zod';
import { refusal, unreachable } from './failures.ts';
import { persist, shortPatience, type Patience } from './retry.ts';

/** The same, with bytes in whatever buffer they lie. */
export type Loose<T> = T extends Uint8Array
  ? Uint8Array
  : T extends Date | string | number | boolean | null | undefined
    ? T
    : T extends readonly (infer E)[]
      ? readonly Loose<E>[]
      : { [K in keyof T]: Loose<T[K]> };

type Part<K extends string, T> = undefined extends T
  ? { [P in K]?: T }
  : Record<string, never> extends T
    ? { [P in K]?: Loose<T> }
    : { [P in K]: Loose<T> };
/** Parameters, query and body of a route; what the route does not have can be left out. */
export type CallInput<R extends RouteContract> = Part<'params', RouteInput<R>['params']> &
  Part<'query', RouteInput<R>['query']> &
  Part<'body', RouteInput<R>['body']>;

/** Where access tokens come from. */
export interface TokenSource {
  /** A token that is not about to expire. */
  accessToken(): Promise<string>;
  /** Told when the server called a token expired, so that the next one is a fresh one. */
  expired(token: string): void;
}

export interface CallOptions {
  signal?: AbortSignal;
  /** How long to repeat what fails in passing. */
  patience?: Patience;
  timeoutMs?: number;
}

export interface RawRequest {
  params?: Record<string, string>;
  query?: Record<string, string>;
  headers?: Record<string, string>;
  body?: BodyInit | null;
  signal?: AbortSignal | undefined;
}

const callTimeoutMs = 120_000;
/** What a fresh access token may mend. */
const renewable: ReadonlySet<ErrorCode> = new Set(['token-expired', 'token-invalid']);

/** Fills `:name` in a route's path and adds the query. */
export function routeUrl(
  server: string,
  route: RouteContract,
  params: Readonly<Record<string, unknown>> = {},
  query: Readonly<Record<string, string>> = {},
): string {
  const path = route.path.replaceAll(/:(\w+)/g, (_, name: string) => {
    const value = params[name];
    if (typeof value !== 'string' || value === '')
      throw new TypeError(`${route.id} needs the parameter ${name}`);
    return encodeURIComponent(value);
  });
  const search = new URLSearchParams(query);
  return `${server}${path}${search.size > 0 ? `?${search}` : ''}`;
}

/** Speaks to one server by the contracts, with or without a person's token. */
export class Http {
  readonly server: string;
  readonly #fetch: typeof fetch;
  readonly #tokens: TokenSource | null;

  /** @param server - an origin, as {@link serverOrigin} makes it. */
  constructor(server: string, tokens: TokenSource | null = null, fetchWith: typeof fetch = fetch) {
    this.server = server;
    this.#tokens = tokens;
    // Browsers refuse a fetch that is called as somebody's method.
    this.#fetch = (input, init) => fetchWith(input, init);
  }

  withTokens(tokens: TokenSource): Http {
    return new Http(this.server, tokens, this.#fetch);
  }

  /**
   * Calls a JSON route. Every write names what it makes by ids of the caller, so repeating one is harmless; pass
   * {@link noPatience} for those that are not.
   * @throws AppError with the server's code, or `unavailable` when the server cannot be reached.
   */
  async call<R extends RouteContract>(
    route: R,
    input: CallInput<R>,
    options: CallOptions = {},
  ): Promise<RouteOutput<R>> {
    const request = encodeInput(route, input);
    const timeoutMs = options.timeoutMs ?? callTimeoutMs;
    return persist(
      async () => {
        const timer = AbortSignal.timeout(timeoutMs);
        const signal = options.signal ? AbortSignal.any([options.signal, timer]) : timer;
        const response = await this.send(route, { ...request, signal });
        return await this.#decode(route, response);
      },
      { patience: options.patience ?? shortPatience, signal: options.signal },
    );
  }

  /**
   * Sends one request and hands the answer back unread. It is not repeated, save once when the access token
   * turned out to be expired, or signed by a key that was given up, and the body can be sent again.
   */
  async send(route: RouteContract, request: RawRequest): Promise<Response> {
    const token = route.access === 'public' ? null : await this.#token(route);
    const response = await this.#once(route, request, token);
    if (response.ok) return response;
    const error = await refusal(response, this.server);
    if (!renewable.has(error.code) || token === null) throw error;
    this.#tokens?.expired(token);
    if (request.body instanceof ReadableStream) {
      throw new AppError('unavailable', { detail: error.message, cause: error });
    }
    const again = await this.#once(route, request, await this.#token(route));
    if (again.ok) return again;
    throw await refusal(again, this.server);
  }

  async #token(route: RouteContract): Promise<string> {
    if (!this.#tokens) throw new TypeError(`${route.id} needs a signed-in person`);
    return await this.#tokens.accessToken();
  }

  async #once(route: RouteContract, request: RawRequest, token: string | null): Promise<Response> {
    const headers = new Headers(request.headers);
    if (token !== null) headers.set('authorization', `Bearer ${token}`);
    const streaming = request.body instanceof ReadableStream;
    const init: RequestInit & { duplex?: 'half' } = {
      method: route.method,
      headers,
      body: request.body ?? null,
      redirect: 'manual',
      cache: 'no-store',
      credentials: 'omit',
      ...(streaming ? { duplex: 'half' } : {}),
      ...(request.signal ? { signal: request.signal } : {}),
    };
    const url = routeUrl(this.server, route, request.params, request.query);
    let response: Response;
    try {
      response = await this.#fetch(url, init);
    } catch (cause) {
      throw this.#broken(cause, request.signal);
    }
    if (
      response.type === 'opaqueredirect' ||
      (response.status >= 300 && response.status < 400 && response.status !== 304)
    ) {
      throw new AppError('bad-request', {
        detail: `${this.server} points to another address. Use the address that it points to.`,
      });
    }
    return response;
  }

  /** What a failed fetch means: stopped by the caller, too slow, or no connection. */
  #broken(cause: unknown, signal: AbortSignal | undefined): unknown {
    const reason: unknown = signal?.aborted ? signal.reason : cause;
    if (reason instanceof DOMException && reason.name === 'TimeoutError') {
      return new AppError('timeout', { detail: `${this.server} took too long to answer. Try again.`, cause });
    }
    return signal?.aborted ? reason : unreachable(this.server, cause);
  }

  async #decode<R extends RouteContract>(route: R, response: Response): Promise<RouteOutput<R>> {
    let text: string;
    try {
      text = await response.text();
    } catch (cause) {
      throw unreachable(this.server, cause);
    }
    if (response.status !== route.status) throw this.#notHeirloom(route);
    if (text === '' && route.output instanceof z.ZodUndefined) return undefined as RouteOutput<R>;
    try {
      return z.decode(route.output, JSON.parse(text)) as RouteOutput<R>;
    } catch (cause) {
      throw this.#notHeirloom(route, cause);
    }
  }

  #notHeirloom(route: RouteContract, cause?: unknown): AppError {
    return new AppError('internal', {
      detail: `${this.server} answered in a form that this program does not know. Its version may be newer or older.`,
      cause: cause ?? new Error(`unexpected answer to ${route.id}`),
    });
  }
}

/** @throws ZodError when the caller passed something that the contract refuses: a bug. */
function encodeInput(route: RouteContract, input: Partial<RouteInput<RouteContract>>): RawRequest {
  const params = z.encode(route.params, input.params ?? {}) as Record<string, string>;
  const query = z.encode(route.query, input.query ?? {}) as Record<string, string>;
  if (route.body instanceof z.ZodUndefined) return { params, query };
  const body = JSON.stringify(z.encode(route.body, input.body));
  return { params, query, body, headers: { 'content-type': 'application/json' } };
}
