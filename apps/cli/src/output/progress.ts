import { SingleBar, Presets } from 'cli-progress';
import type { Io } from './io.ts';
import { sizeText } from './text.ts';

/** Shows how far long work has come, when a person watches. */
export class Progress implements Disposable {
  readonly #bar: SingleBar | null;
  #doneBytes = 0;
  #items = 0;

  constructor(io: Pick<Io, 'isWatched'>, what: string, total: { bytes: number; items: number }) {
    if (!io.isWatched || total.items === 0) {
      this.#bar = null;
      return;
    }
    this.#bar = new SingleBar(
      {
        format: `${what} {bar} {percentage}% | {items}/${total.items} | {done} of ${sizeText(total.bytes)}`,
        stream: process.stderr,
        hideCursor: true,
        clearOnComplete: true,
        etaBuffer: 50,
      },
      Presets.shades_classic,
    );
    this.#bar.start(Math.max(1, total.bytes), 0, { items: 0, done: sizeText(0) });
  }

  /** Adds what was done since the last call; negative when some must be done again. */
  add(bytes: number): void {
    this.#doneBytes += bytes;
    this.#show();
  }

  itemDone(): void {
    this.#items += 1;
    this.#show();
  }

  #show(): void {
    this.#bar?.update(Math.max(0, this.#doneBytes), {
      items: this.#items,
      done: sizeText(Math.max(0, this.#doneBytes)),
    });
  }

  [Symbol.dispose](): void {
    this.#bar?.stop();
  }
}
