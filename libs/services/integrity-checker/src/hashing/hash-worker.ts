/**
 * Hashes several streams side by side, off the thread that serves requests. Started by hash-workers.ts, in which the
 * messages are described. It imports nothing but Node and has no syntax that needs more than its types taken away, so
 * that Node can also run it as it stands.
 */
import { createHash, type Hash } from 'node:crypto';
import { parentPort } from 'node:worker_threads';

type Order = { id: number; chunk: Uint8Array } | { id: number; end: 'digest' | 'drop' };

const hashes = new Map<number, Hash>();

parentPort!.on('message', (order: Order) => {
  const { id } = order;
  const hash = hashes.get(id) ?? createHash('sha256');
  if ('chunk' in order) {
    hashes.set(id, hash.update(order.chunk));
    parentPort!.postMessage({ id });
    return;
  }
  hashes.delete(id);
  if (order.end === 'digest') parentPort!.postMessage({ id, digest: hash.digest('hex') });
});
