import { AppError } from '@heirloom/contracts';

/** What this process is writing to right now, by path. */
export class Busy {
  readonly #paths = new Set<string>();

  has(path: string): boolean {
    return this.#paths.has(path);
  }

  /** Throws `locked` while other work of this process holds the path. */
  async exclusively<T>(path: string, work: () => Promise<T>): Promise<T> {
    if (this.#paths.has(path)) throw new AppError('locked');
    this.#paths.add(path);
    try {
      return await work();
    } finally {
      this.#paths.delete(path);
    }
  }
}
