import { Injectable } from '@nestjs/common';
import { limits } from '@heirloom/contracts';

const buckets = 60;
const bucketMs = limits.pulseWindowMs / buckets;

interface Bucket {
  /** Which stretch of time it counts, so that an old one is told from a new one. */
  turn: number;
  requests: number;
  errors: number;
}

/** How many requests were answered lately, and how many of them the server is to blame for. */
@Injectable()
export class RequestCounts {
  readonly #buckets: Bucket[] = Array.from({ length: buckets }, () => ({ turn: -1, requests: 0, errors: 0 }));

  note(status: number): void {
    const turn = Math.floor(performance.now() / bucketMs);
    const bucket = this.#buckets[turn % buckets]!;
    if (bucket.turn !== turn) Object.assign(bucket, { turn, requests: 0, errors: 0 });
    bucket.requests += 1;
    if (status >= 500) bucket.errors += 1;
  }

  /** Within limits.pulseWindowMs. */
  lately(): { requests: number; errors: number } {
    const oldest = Math.floor(performance.now() / bucketMs) - buckets + 1;
    const recent = this.#buckets.filter(({ turn }) => turn >= oldest);
    const sum = (key: 'requests' | 'errors') => recent.reduce((all, bucket) => all + bucket[key], 0);
    return { requests: sum('requests'), errors: sum('errors') };
  }
}
