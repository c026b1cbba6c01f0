import { setTimeout as sleep } from 'node:timers/promises';
import type { CliResult } from '../cli/cli.ts';
import { eventually } from '../system/processes.ts';

/** People pause between two things, and what is tested needs the processor too. */
const breathMs = 500;

/** Kinds of work that are done over and over until the end; what fails after the client's own retries is kept. */
export class Load implements AsyncDisposable {
  readonly failures: { kind: string; said: string }[] = [];
  readonly #doneMs = new Map<string, number[]>();
  readonly #workers: Promise<void>[] = [];
  #isOver = false;

  /** Begins a kind of work. Its rounds follow each other. */
  repeat(kind: string, work: (round: number) => Promise<CliResult>): void {
    const times: number[] = [];
    this.#doneMs.set(kind, times);
    const worker = async () => {
      for (let round = 0; !this.#isOver; round += 1) {
        const begun = performance.now();
        const { code, stderr, stdout } = await work(round);
        times.push(performance.now() - begun);
        if (code !== 0) this.failures.push({ kind, said: `${stderr}\n${stdout}` });
        await sleep(breathMs);
      }
    };
    this.#workers.push(worker());
  }

  /** Waits until each of these kinds of work has ended once more. Throws what a round has thrown. */
  async untilOnceMore(kinds: readonly string[], patienceMs: number): Promise<void> {
    const goals = kinds.map((kind) => {
      const times = this.#doneMs.get(kind);
      if (!times) throw new Error(`nobody does ${kind}`);
      return { times, count: times.length + 1 };
    });
    const reached = eventually(
      `${kinds.join(', ')} being done once more`,
      async () => goals.every(({ times, count }) => times.length >= count),
      patienceMs,
    );
    await Promise.race([reached, Promise.all(this.#workers).then(() => reached)]);
  }

  /** Lets the rounds that have begun end. */
  async end(): Promise<void> {
    this.#isOver = true;
    await Promise.all(this.#workers);
  }

  /** How often each kind was done, and how long the longest took. */
  summary(): string {
    const kinds = [...this.#doneMs].map(([kind, all]) => {
      const longestS = Math.max(0, ...all) / 1000;
      return `${all.length} × ${kind} (longest ${longestS.toFixed(1)} s)`;
    });
    return `${kinds.join(', ')}; ${this.failures.length} failed`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.end();
  }
}
