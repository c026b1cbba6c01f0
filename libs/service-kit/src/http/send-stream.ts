import { Readable } from 'node:stream';
import type { RequestContext } from './request-context.ts';

/**
 * Answers with bytes at the reader's pace. Headers are set by the caller. A failure cuts the connection, so that half an answer
 * never looks like a whole one.
 */
export async function sendStream(
  body: AsyncIterable<Uint8Array>,
  { reply, signal }: RequestContext,
): Promise<void> {
  const stream = Readable.from(body, { objectMode: false, highWaterMark: 256 * 1024 });
  const onAbort = () => stream.destroy();
  signal.addEventListener('abort', onAbort, { once: true });
  stream.once('close', () => signal.removeEventListener('abort', onAbort));
  await reply.send(stream);
}
