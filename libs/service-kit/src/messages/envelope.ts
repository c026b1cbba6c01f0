import { errorCode } from '@heirloom/contracts';
import { z } from 'zod';

/** What travels with each message, whatever carries it. `data` is the contract's input in its wire form. */
export const envelope = z.object({
  requestId: z.string().min(1).max(64),
  /** Milliseconds since 1970. After it nobody waits any more, so the handler does not begin. */
  deadline: z.number(),
  /** Shows which service sends. */
  credential: z.string().max(4096).optional(),
  /** The access token of the person on whose behalf the message is sent. */
  token: z.string().max(4096).optional(),
  /** What the message belongs to, as W3C Trace Context writes it. */
  traceParent: z.string().max(64).optional(),
  data: z.unknown(),
});
export type Envelope = z.infer<typeof envelope>;

/** The answer to a question: the contract's output in its wire form, or what went wrong. */
export const answer = z.union([
  z.object({
    error: z.object({
      code: errorCode,
      detail: z.string(),
      /** Set when the sending service itself was refused, and not the person it sends for. */
      ofService: z.boolean().optional(),
    }),
  }),
  z.object({ output: z.unknown() }),
]);
export type Answer = z.infer<typeof answer>;

/** The size that limits.messageBytes speaks of. */
export const sizeOf = (message: unknown): number => Buffer.byteLength(JSON.stringify(message) ?? '');
