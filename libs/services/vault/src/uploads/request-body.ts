import { AppError, limits } from '@heirloom/contracts';
import type { IncomingMessage } from 'node:http';

/** A body that brings nothing for this long is given up, so that a vanished client holds no upload. */
const stallMs = 60_000;

export const hasBody = ({ headers }: IncomingMessage): boolean =>
  headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;

/**
 * The body of a request, of which at most `limitBytes` are handed out. The request is left open, so that it can
 * still be answered.
 *
 * @throws AppError `too-large` when there is more, `timeout` when nothing more comes, `gone` when the client's
 * connection breaks, and `signal`'s reason when it aborts.
 */
export async function* requestBody(
  request: IncomingMessage,
  limitBytes: number,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  const chunks = request.iterator({ destroyOnReturn: false }) as AsyncIterator<Uint8Array>;
  const interruption = Promise.withResolvers<never>();
  let isInterrupted = false;
  const interrupt = (reason: unknown) => {
    isInterrupted = true;
    interruption.reject(reason);
  };
  interruption.promise.catch(() => undefined);
  const onAbort = () => interrupt(signal.reason);
  if (signal.aborted) onAbort();
  signal.addEventListener('abort', onAbort);
  const stall = setTimeout(() => interrupt(new AppError('timeout')), stallMs);
  let received = 0;
  try {
    for (;;) {
      const next = await Promise.race([nextChunk(chunks), interruption.promise]);
      if (next.done) return;
      stall.refresh();
      const fits = next.value.subarray(0, limitBytes - received);
      received += next.value.length;
      if (fits.length > 0) yield fits;
      if (received > limitBytes) throw new AppError('too-large');
    }
  } finally {
    clearTimeout(stall);
    signal.removeEventListener('abort', onAbort);
    // It ends after a read that is under way, which may never come back.
    const closed = chunks.return?.().catch(() => undefined);
    if (!isInterrupted) await closed;
  }
}

async function nextChunk(chunks: AsyncIterator<Uint8Array>): Promise<IteratorResult<Uint8Array, unknown>> {
  try {
    return await chunks.next();
  } catch (cause) {
    throw new AppError('gone', { detail: 'The connection broke before everything had arrived.', cause });
  }
}

/**
 * Reads what is left of a body that nobody wants, so that the client, busy sending, comes to read its answer. The
 * connection is cut when that is too much.
 */
export function discardBody(request: IncomingMessage): void {
  if (request.readableEnded || request.destroyed) return;
  let discarded = 0;
  request.on('data', (chunk: Uint8Array) => {
    discarded += chunk.length;
    if (discarded > limits.uploadChunkBytes) request.destroy();
  });
  request.on('error', () => undefined);
  request.resume();
}
