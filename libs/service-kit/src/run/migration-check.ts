import { pendingMigrations, type MigrateOptions } from '../postgres/migrate.ts';

const askAgainMs = 2_000;

/** Whether the database is as this release expects it. Once it is, it stays so: what comes later only adds. */
export class MigrationCheck {
  #isClear = false;
  #askedAt = Number.NEGATIVE_INFINITY;
  #answer: Promise<string | undefined> = Promise.resolve(undefined);

  /** @param options undefined for a service without a database */
  constructor(private readonly options: MigrateOptions | undefined) {
    this.#isClear = options === undefined;
  }

  /** Undefined when nothing is lacking. */
  async problem(): Promise<string | undefined> {
    if (this.#isClear) return undefined;
    if (performance.now() - this.#askedAt > askAgainMs) {
      this.#askedAt = performance.now();
      this.#answer = this.#ask(this.options!);
    }
    return this.#answer;
  }

  async #ask(options: MigrateOptions): Promise<string | undefined> {
    const pending = await pendingMigrations(options);
    this.#isClear = pending.length === 0;
    if (this.#isClear) return undefined;
    return `The database lacks ${pending.length} of the migrations of this release. Run "migrate" first.`;
  }
}
