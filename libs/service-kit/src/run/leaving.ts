import { Injectable } from '@nestjs/common';

/** Says when the process begins to end, to those whose work would else never be done. */
@Injectable()
export class Leaving {
  readonly #abort = new AbortController();

  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  begin(): void {
    this.#abort.abort();
  }
}
