import type { AppError } from '@heirloom/contracts';
import type { HttpContext } from '../http/request-context.ts';

/** The requests that are being served for somebody right now, so that they can be cut off. */
export class OpenRequests {
  readonly #open = new Set<HttpContext>();

  /** From the moment on at which it is known who asks. */
  add(context: HttpContext): void {
    this.#open.add(context);
    context.reply.raw.once('close', () => this.#open.delete(context));
  }

  cut(which: (context: HttpContext) => boolean, reason: AppError): void {
    for (const context of this.#open) if (which(context)) context.cut(reason);
  }
}
