import { Catch, HttpException, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import { AppError, problemContentType, type Method, type RouteContract } from '@heirloom/contracts';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Log } from '../logging/logger.ts';

/** Turns whatever was thrown into problem details (RFC 9457). The one place where errors meet HTTP. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(
    private readonly routes: readonly RouteContract[],
    private readonly log: Log,
  ) {}

  catch(exception: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    answerProblem(
      exception,
      http.getRequest<FastifyRequest>(),
      http.getResponse<FastifyReply>(),
      this.routes,
      this.log,
    );
  }
}

/** Answers a request with the problem that it ran into; an answer that has begun is cut off instead. */
export function answerProblem(
  exception: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
  routes: readonly RouteContract[],
  log: Log,
): void {
  const error = toAppError(exception);
  logProblem(error, exception, request, log);
  if (reply.raw.headersSent || reply.raw.destroyed) {
    // Ending it normally would make half an answer look like a whole one.
    reply.raw.destroy();
    return;
  }
  if (reply.sent) return;
  const allowed =
    error.code === 'not-found' && !request.routeOptions.url ? methodsAt(request.url, routes) : [];
  const shown = allowed.length > 0 ? new AppError('method-not-allowed') : error;
  if (allowed.length > 0) reply.header('allow', allowed.join(', '));
  if (shown.status === 401) reply.header('www-authenticate', 'Bearer');
  if (shown.status === 503) reply.header('retry-after', '1');
  reply
    .code(shown.status)
    .header('cache-control', 'no-store')
    .type(problemContentType)
    .send(JSON.stringify(shown.toProblem(request.id)));
}

/** Expected failures keep their code; what the HTTP layer refused gets the matching one; anything else is a bug. */
export function toAppError(exception: unknown): AppError {
  if (exception instanceof AppError) return exception;
  const status = statusOf(exception);
  if (status === 404) return new AppError('not-found', { cause: exception });
  if (status === 405) return new AppError('method-not-allowed', { cause: exception });
  if (status === 413) return new AppError('too-large', { cause: exception });
  if (status === 415) return new AppError('media-type', { cause: exception });
  if (status !== undefined && status >= 400 && status < 500)
    return new AppError('bad-request', { cause: exception });
  return new AppError('internal', { cause: exception });
}

function statusOf(exception: unknown): number | undefined {
  if (exception instanceof HttpException) return exception.getStatus();
  const { statusCode, name } = (exception ?? {}) as { statusCode?: unknown; name?: unknown };
  return name === 'FastifyError' && typeof statusCode === 'number' ? statusCode : undefined;
}

function logProblem(error: AppError, exception: unknown, request: FastifyRequest, log: Log): void {
  const fields = { requestId: request.id, route: request.routeOptions.url, code: error.code };
  if (error.code === 'internal') log.error({ ...fields, err: exception }, 'a request failed unexpectedly');
  else if (error.status >= 500) log.warn({ ...fields, err: error }, 'a request could not be served');
  else log.debug({ ...fields, detail: error.message }, 'a request was refused');
}

function methodsAt(url: string, routes: readonly RouteContract[]): Method[] {
  const segments = url.split('?')[0]!.split('/');
  const matches = routes.filter((route) => {
    const pattern = route.path.split('/');
    return (
      pattern.length === segments.length &&
      pattern.every((part, i) => part.startsWith(':') || part === segments[i])
    );
  });
  return matches.map((route) => route.method);
}
