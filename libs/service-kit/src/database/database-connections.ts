export interface Disconnectable {
  $disconnect(): Promise<void>;
}

/** The databases that a service has opened. They are closed after everything that uses them. */
export class DatabaseConnections {
  readonly #clients: Disconnectable[] = [];
  #closing = false;

  /** True from the moment that {@link close} was called. */
  get closing(): boolean {
    return this.#closing;
  }

  add(client: Disconnectable): void {
    this.#clients.push(client);
  }

  async close(): Promise<void> {
    this.#closing = true;
    await Promise.all(this.#clients.splice(0).map((client) => client.$disconnect()));
  }
}
