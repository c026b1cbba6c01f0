import type pg from 'pg';
import type { RawSql } from '../audit/raw-sql.ts';

export interface ServiceClient extends RawSql {
  $disconnect(): Promise<void>;
}

/** The databases that a service has opened. They are closed after everything that uses them. */
export class DatabaseConnections {
  readonly #clients: ServiceClient[] = [];
  readonly #pools: pg.Pool[] = [];
  #closing = false;

  /** True from the moment that {@link close} was called. */
  get closing(): boolean {
    return this.#closing;
  }

  /** Where the service records its acts; undefined for one without a database. */
  get acts(): RawSql | undefined {
    return this.#clients[0];
  }

  add(client: ServiceClient, pool: pg.Pool): void {
    this.#clients.push(client);
    this.#pools.push(pool);
  }

  /** How many connections are in use and not, and how many wait for one. */
  usage(): { busy: number; idle: number; waiting: number } {
    const sum = (of: (pool: pg.Pool) => number) => this.#pools.reduce((all, pool) => all + of(pool), 0);
    return {
      busy: sum(({ totalCount, idleCount }) => totalCount - idleCount),
      idle: sum(({ idleCount }) => idleCount),
      waiting: sum(({ waitingCount }) => waitingCount),
    };
  }

  async close(): Promise<void> {
    this.#closing = true;
    await Promise.all(this.#clients.splice(0).map((client) => client.$disconnect()));
    await Promise.all(this.#pools.splice(0).map((pool) => pool.end()));
  }
}
