import { limits, vaultRoutes, type CommitItem, type CommitResult } from '@heirloom/contracts';
import type { Http } from '../http/http.ts';
import type { Patience } from '../http/retry.ts';

interface Waiting {
  item: CommitItem;
  resolve: (result: CommitResult) => void;
  reject: (error: unknown) => void;
}

/** Commits uploads in groups: while one request is under way, the next ones gather. */
export class Committer {
  readonly #http: Http;
  readonly #patience: Patience;
  readonly #signal: AbortSignal | undefined;
  readonly #waiting: Waiting[] = [];
  #running = false;

  constructor(http: Http, patience: Patience, signal?: AbortSignal) {
    this.#http = http;
    this.#patience = patience;
    this.#signal = signal;
  }

  commit(item: CommitItem): Promise<CommitResult> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ item, resolve, reject });
      if (!this.#running) void this.#run();
    });
  }

  async #run(): Promise<void> {
    this.#running = true;
    while (this.#waiting.length > 0) await this.#commitGroup(this.#waiting.splice(0, limits.photosPerCommit));
    this.#running = false;
  }

  async #commitGroup(group: readonly Waiting[]): Promise<void> {
    try {
      const { results } = await this.#http.call(
        vaultRoutes.commitPhotos,
        { body: { items: group.map(({ item }) => item) } },
        {
          patience: this.#patience,
          timeoutMs: 15 * 60_000,
          ...(this.#signal ? { signal: this.#signal } : {}),
        },
      );
      const byVersion = new Map(results.map((result) => [result.versionId, result]));
      for (const { item, resolve, reject } of group) {
        const result = byVersion.get(item.versionId);
        if (result) resolve(result);
        else reject(new Error('the server answered a commit without one of its items'));
      }
    } catch (error) {
      for (const { reject } of group) reject(error);
    }
  }
}
