import { AppError, type RouteContract } from '@heirloom/contracts';
import { unreachable } from '../http/failures.ts';
import type { Http } from '../http/http.ts';
import { longPatience, Tries, type Patience } from '../http/retry.ts';

export interface ReadOptions {
  signal?: AbortSignal | undefined;
  patience?: Patience;
}

/**
 * Streams the bytes `from` to `to` (exclusive) of what a route answers. When the connection breaks it asks for
 * the rest and goes on.
 * @throws AppError; `damaged` when the server sends more than was asked for.
 */
export async function* readRange(
  http: Http,
  route: RouteContract,
  params: Record<string, string>,
  range: { from: number; to: number },
  options: ReadOptions = {},
): AsyncGenerator<Uint8Array, void, undefined> {
  const tries = new Tries(options.patience ?? longPatience, options.signal);
  let at = range.from;
  while (at < range.to) {
    const before = at;
    try {
      const body = await openRange(http, route, params, at, range.to, options.signal);
      for await (const chunk of chunksOf(body, http.server, options.signal)) {
        at += chunk.length;
        if (at > range.to)
          throw new AppError('damaged', { detail: `${http.server} sent more than it was asked for.` });
        yield chunk;
      }
      if (at < range.to) throw unreachable(http.server, new Error('the answer ended early'));
    } catch (error) {
      await tries.failed(error, at > before);
    }
  }
}

async function openRange(
  http: Http,
  route: RouteContract,
  params: Record<string, string>,
  from: number,
  to: number,
  signal: AbortSignal | undefined,
): Promise<ReadableStream<Uint8Array>> {
  const response = await http.send(route, { params, headers: { range: `bytes=${from}-${to - 1}` }, signal });
  const whole =
    response.status === 200 && from === 0 && Number(response.headers.get('content-length')) === to;
  const asked = response.status === 206 && startOf(response.headers.get('content-range')) === from;
  if (response.body && (whole || asked)) return response.body;
  await response.body?.cancel();
  throw new AppError('damaged', {
    detail: `${http.server} sent another part of the file than it was asked for.`,
  });
}

const startOf = (contentRange: string | null): number | null => {
  const match = /^bytes (\d+)-\d+\//.exec(contentRange ?? '');
  return match ? Number(match[1]) : null;
};

/** The stream's chunks; a broken connection becomes an AppError, and leaving the loop closes the stream. */
async function* chunksOf(
  body: ReadableStream<Uint8Array>,
  server: string,
  signal: AbortSignal | undefined,
): AsyncGenerator<Uint8Array, void, undefined> {
  const reader = body.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read().catch((cause: unknown) => {
        throw signal?.aborted ? (signal.reason as Error) : unreachable(server, cause);
      });
      if (done) return;
      if (value.length > 0) yield value;
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}
