import { z } from 'zod';
import type { Access } from './access.ts';
import { limits } from './limits.ts';
import type { ServiceName } from './services.ts';

export type Method = 'GET' | 'HEAD' | 'POST' | 'PATCH' | 'PUT' | 'DELETE' | 'OPTIONS';

/** One HTTP route. `path` is whole, with `:name` for parameters. Body and output are JSON unless `stream` says otherwise. */
export interface RouteContract<
  P extends z.ZodType = z.ZodType,
  Q extends z.ZodType = z.ZodType,
  B extends z.ZodType = z.ZodType,
  O extends z.ZodType = z.ZodType,
> {
  readonly kind: 'route';
  readonly id: string;
  readonly service: ServiceName;
  readonly method: Method;
  readonly path: `/api/${string}`;
  readonly access: Exclude<Access, 'service'>;
  readonly params: P;
  readonly query: Q;
  readonly body: B;
  readonly output: O;
  /** The status of success. */
  readonly status: number;
  readonly bodyLimitBytes: number;
  /** `request`: the handler reads the body itself. `response`: it writes the answer itself. */
  readonly stream?: 'request' | 'response' | 'both';
}

export const nothing = z.undefined();
const noFields = z.object({});

/** Declares a route. What is left out is empty: no parameters, no query, no body, no output. */
export function route<
  P extends z.ZodType = typeof noFields,
  Q extends z.ZodType = typeof noFields,
  B extends z.ZodType = typeof nothing,
  O extends z.ZodType = typeof nothing,
>(
  spec: Pick<RouteContract, 'id' | 'service' | 'method' | 'path' | 'access'> & {
    params?: P;
    query?: Q;
    body?: B;
    output?: O;
    status?: number;
    bodyLimitBytes?: number;
    stream?: 'request' | 'response' | 'both';
  },
): RouteContract<P, Q, B, O> {
  return {
    kind: 'route',
    status: spec.output ? 200 : 204,
    bodyLimitBytes: limits.bodyBytes,
    ...spec,
    params: (spec.params ?? noFields) as P,
    query: (spec.query ?? noFields) as Q,
    body: (spec.body ?? nothing) as B,
    output: (spec.output ?? nothing) as O,
  };
}

/** What a caller passes and a handler receives: decoded values (Uint8Array, Date, branded ids). */
export interface RouteInput<R extends RouteContract> {
  params: z.output<R['params']>;
  query: z.output<R['query']>;
  body: z.output<R['body']>;
}
export type RouteOutput<R extends RouteContract> = z.output<R['output']>;
