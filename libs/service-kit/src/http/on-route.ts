import {
  createParamDecorator,
  HttpCode,
  Injectable,
  RequestMapping,
  RequestMethod,
  Res,
  UseInterceptors,
  type CallHandler,
  type ExecutionContext,
  type NestInterceptor,
} from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import type { RouteContract, RouteInput, RouteOutput } from '@heirloom/contracts';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { concatMap, type Observable } from 'rxjs';
import { z } from 'zod';
import { decodeInput } from '../validation/decode-input.ts';
import { contextOf, type RequestContext } from './request-context.ts';

const routeKey = Symbol('heirloom:route');

type Answer<O> = O | Promise<O> | (undefined extends O ? void | Promise<void> : never);
type RouteMethod<R extends RouteContract> = (
  input: RouteInput<R>,
  context: RequestContext,
) => Answer<RouteOutput<R>>;

/** The contract that a controller's method is bound to. */
export const routeOfMethod = (method: object): RouteContract | undefined =>
  Reflect.getMetadata(routeKey, method) as RouteContract | undefined;

/** The contract of the route that a request was sent to; undefined when there is none at its address. */
export const routeOfRequest = (request: FastifyRequest): RouteContract | undefined =>
  (request.routeOptions.config as { contract?: RouteContract } | undefined)?.contract;

const Input = createParamDecorator((_data: unknown, execution: ExecutionContext) => {
  const request = execution.switchToHttp().getRequest<FastifyRequest>();
  const contract = routeOfRequest(request)!;
  return {
    params: decodeInput(contract.params, request.params, 'params'),
    query: decodeInput(contract.query, request.query, 'query'),
    body:
      contract.stream === 'request' || contract.stream === 'both'
        ? undefined
        : decodeInput(contract.body, request.body, 'body'),
  };
});

const Context = createParamDecorator((_data: unknown, execution: ExecutionContext) =>
  contextOf(execution.switchToHttp().getRequest<FastifyRequest>()),
);

/**
 * Binds a controller's method to its contract. The method is called as `(input, context)` with decoded values after
 * the caller was admitted, and what it returns is checked and encoded. A `stream` of `response` or `both` leaves the
 * answer to the method, through `context.reply`.
 */
export function OnRoute<R extends RouteContract>(contract: R) {
  return <M extends RouteMethod<R>>(
    target: object,
    key: string,
    descriptor: TypedPropertyDescriptor<M>,
  ): void => {
    Reflect.defineMetadata(routeKey, contract, descriptor.value!);
    RequestMapping({ path: contract.path, method: RequestMethod[contract.method] })(target, key, descriptor);
    HttpCode(contract.status)(target, key, descriptor);
    RouteConfig({ contract })(target, key, descriptor);
    UseInterceptors(AnswerInterceptor)(target, key, descriptor);
    Input()(target, key, 0);
    Context()(target, key, 1);
    // Its presence tells Nest that the answer is sent by us: by the interceptor, or by a streaming handler.
    Res()(target, key, 2);
  };
}

/** Checks what a handler returned against its contract and sends it. */
@Injectable()
export class AnswerInterceptor implements NestInterceptor {
  intercept(execution: ExecutionContext, next: CallHandler): Observable<unknown> {
    const http = execution.switchToHttp();
    const contract = routeOfRequest(http.getRequest<FastifyRequest>())!;
    const reply = http.getResponse<FastifyReply>();
    return next.handle().pipe(
      concatMap(async (output: unknown) => {
        if (contract.stream === 'response' || contract.stream === 'both') return;
        const answer = z.encode(contract.output, output);
        // A request that was cut meanwhile has its answer already.
        if (reply.sent) return;
        reply.code(contract.status);
        if (answer === undefined) await reply.send();
        else await reply.type('application/json; charset=utf-8').send(JSON.stringify(answer));
      }),
    );
  }
}
