import { AppError, newId } from '@heirloom/contracts';
import { temporaryPath } from '../files/paths.ts';
import type { LocationHealth } from '../location.ts';
import type { BucketStore } from './bucket-store.ts';
import { describeEndpoint } from './endpoint.ts';
import { translated, unavailable } from './errors.ts';

/** Uploads wait for this answer, so an endpoint that is slower counts as one that is away. */
const answerMs = 8_000;

/** Whether the bucket can be read and written right now. Does not throw for one that is out of order. */
export async function probeHealth(store: BucketStore): Promise<LocationHealth> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<LocationHealth>((resolve) => {
    const problem = unavailable(store.id, 'cannot be reached (no answer in time)');
    timer = setTimeout(() => resolve({ readable: false, writable: false, problem }), answerMs);
  });
  try {
    return await Promise.race([ask(store), late]);
  } finally {
    clearTimeout(timer);
  }
}

async function ask(store: BucketStore): Promise<LocationHealth> {
  try {
    await translated(store.id, () => store.checkMarker());
  } catch (error) {
    return { readable: false, writable: false, problem: expected(error) };
  }
  try {
    return await translated(store.id, async () => {
      const facts = await store.facts();
      await tryWriting(store);
      return { readable: true, writable: true, notes: describeEndpoint(facts) };
    });
  } catch (error) {
    return { readable: true, writable: false, problem: expected(error) };
  }
}

async function tryWriting({ id, bucket }: BucketStore): Promise<void> {
  const key = temporaryPath('probe', newId());
  const bytes = new TextEncoder().encode(key);
  try {
    await bucket.put(key, bytes);
    if (!(await bucket.read(key)).equals(bytes)) throw unavailable(id, 'gives back other bytes');
  } finally {
    await bucket.delete(key).catch(() => undefined);
  }
}

function expected(error: unknown): AppError {
  if (error instanceof AppError) return error;
  throw error;
}
