import { AppError, limits } from '@heirloom/contracts';
import { PassThrough } from 'node:stream';
import { accessClaims } from '../access/access-tokens.ts';
import type { RequestContext } from './request-context.ts';

/** How long a reader should wait before it comes again, in milliseconds. */
const retryMs = 2_000;

/** An answer of server-sent events (WHATWG HTML §9.2), open until the reader leaves, the token ends or the process does. */
export class EventStream {
  readonly #stream = new PassThrough();
  readonly #heartbeat: NodeJS.Timeout;
  readonly #expiry: NodeJS.Timeout;
  /** Settles when nothing can be sent any more. */
  readonly ended: Promise<void>;

  /** @param leaving aborts when the process is about to end */
  constructor(context: RequestContext, leaving: AbortSignal) {
    const end = () => this.#stream.end();
    this.ended = new Promise((resolve) => this.#stream.once('close', resolve));
    this.#heartbeat = setInterval(() => this.#write(':\n\n'), limits.eventHeartbeatMs);
    this.#expiry = setTimeout(end, Math.max(0, expiryOf(context.token) - Date.now()));
    leaving.addEventListener('abort', end, { once: true });
    context.signal.addEventListener('abort', () => this.#stream.destroy(), { once: true });
    void this.ended.then(() => {
      clearInterval(this.#heartbeat);
      clearTimeout(this.#expiry);
      leaving.removeEventListener('abort', end);
    });
    context.reply
      .type('text/event-stream; charset=utf-8')
      // A proxy that gathers answers would hold the news back.
      .header('x-accel-buffering', 'no')
      .send(this.#stream);
    this.#write(`retry: ${retryMs}\n\n`);
    if (leaving.aborted) end();
  }

  /** False when the reader is slow: what is sent nevertheless is kept in memory. */
  send(data: unknown): boolean {
    return this.#write(`data: ${JSON.stringify(data)}\n\n`);
  }

  /** Calls back once when a slow reader has caught up. */
  onceDrained(resume: () => void): void {
    this.#stream.once('drain', resume);
  }

  #write(text: string): boolean {
    return !this.#stream.writable || this.#stream.write(text);
  }
}

/** Milliseconds since 1970. The gate has verified the token before. */
function expiryOf(token: string): number {
  const payload: unknown = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString());
  const claims = accessClaims.safeParse(payload);
  if (!claims.success) throw new AppError('token-invalid', { cause: claims.error });
  return claims.data.exp * 1000;
}
