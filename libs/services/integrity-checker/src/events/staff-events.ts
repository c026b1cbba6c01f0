import { Injectable } from '@nestjs/common';
import { AppError, limits, type StaffTopic } from '@heirloom/contracts';

type Listener = (topics: readonly StaffTopic[]) => void;

/** Hands on what has changed to the pages of the staff that are open at this process. */
@Injectable()
export class StaffEvents {
  readonly #listeners = new Set<Listener>();
  readonly #topics = new Set<StaffTopic>();
  #timer: NodeJS.Timeout | undefined;

  /** @returns how to stop listening. @throws AppError `too-many-requests` */
  subscribe(listener: Listener): () => void {
    if (this.#listeners.size >= limits.eventStreams) throw new AppError('too-many-requests');
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  tell(topics: readonly StaffTopic[]): void {
    if (this.#listeners.size === 0) return;
    for (const topic of topics) this.#topics.add(topic);
    this.#timer ??= setTimeout(() => this.#send(), limits.eventGatherMs).unref();
  }

  #send(): void {
    const topics = [...this.#topics];
    this.#topics.clear();
    this.#timer = undefined;
    for (const listener of this.#listeners) listener(topics);
  }
}
