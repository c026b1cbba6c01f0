import { Injectable } from '@nestjs/common';

/** Undefined when the part works; else a sentence that says what does not. */
export type HealthCheck = () => Promise<string | undefined> | string | undefined;

/** The parts that a service cannot work without. Inject it to add one. */
@Injectable()
export class Health {
  readonly #checks = new Map<string, HealthCheck>();

  add(part: string, check: HealthCheck): void {
    this.#checks.set(part, check);
  }

  /** The state of each part: `ok`, or what is wrong. A check that takes longer than `timeoutMs` counts as failed. */
  async report(timeoutMs = 2_000): Promise<Record<string, string>> {
    const states = [...this.#checks].map(
      async ([part, check]) => [part, await stateOf(check, timeoutMs)] as const,
    );
    return Object.fromEntries(await Promise.all(states));
  }
}

async function stateOf(check: HealthCheck, timeoutMs: number): Promise<string> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<string>((resolve) => {
    timer = setTimeout(() => resolve('It did not answer in time.'), timeoutMs);
  });
  try {
    const checked = Promise.resolve(check()).then((problem) => problem ?? 'ok');
    return await Promise.race([checked, late]);
  } catch {
    return 'It cannot be reached.';
  } finally {
    clearTimeout(timer);
  }
}
