import { Injectable } from '@nestjs/common';
import { AppError, limits, type StaffTopic } from '@heirloom/contracts';

type Listener = (topics: readonly StaffTopic[]) => void;

/** Hands on what has changed to the pages of the staff that are open at this process. */
@Injectable()
export class StaffEvents {
  readonly #listeners = new Set<Listener>();
  readonly #topics = new Set<StaffTopic>();

  /** @returns how to stop listening. @throws AppError `too-many-requests` */
  subscribe(listener: Listener): () => void {
    if (this.#listeners.size >= limits.eventStreams) throw new AppError('too-many-requests');
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  tell(topics: readonly StaffTopic[]): void {
    if (this.#listeners.size === 0) return;
    if (this.#topics.size === 0) setTimeout(() => this.#send(), limits.eventGatherMs).unref();
    for (const topic of topics) this.#topics.add(topic);
  }

  #send(): void {
    const topics = [...this.#topics];
    this.#topics.clear();
    for (const listener of this.#listeners) listener(topics);
  }
}
