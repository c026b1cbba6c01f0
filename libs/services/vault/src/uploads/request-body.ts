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
  const reading = new InterruptibleReading(chunks);
  const onAbort = () => reading.interrupt(signal.reason as Error);
  if (signal.aborted) onAbort();
  signal.addEventListener('abort', onAbort);
  const stall = setTimeout(() => reading.interrupt(new AppError('timeout')), stallMs);
  let received = 0;
  try {
    for (;;) {
      const next = await reading.next();
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
    await reading.close();
  }
}

/**
 * Reads chunks until it is interrupted, also while it waits for one. (`Promise.race` against one long promise would keep
 * every chunk in memory until that promise settles.)
 */
class InterruptibleReading {
  readonly #chunks: AsyncIterator<Uint8Array>;
  #reason: Error | undefined;
  #reject: ((reason: Error) => void) | undefined;

  constructor(chunks: AsyncIterator<Uint8Array>) {
    this.#chunks = chunks;
  }

  interrupt(reason: Error): void {
    this.#reason ??= reason;
    this.#reject?.(this.#reason);
  }

  next(): Promise<IteratorResult<Uint8Array, unknown>> {
    return new Promise((resolve, reject) => {
      this.#reject = reject;
      if (this.#reason) reject(this.#reason);
      else this.#chunks.next().then(resolve, (cause: unknown) => reject(connectionBroke(cause)));
    });
  }

  /** Lets go of the request. After an interruption that happens once the read under way comes back, if ever. */
  async close(): Promise<void> {
    const closed = this.#chunks.return?.().catch(() => undefined);
    if (!this.#reason) await closed;
  }
}

const connectionBroke = (cause: unknown): AppError =>
  new AppError('gone', { detail: 'The connection broke before everything had arrived.', cause });

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
