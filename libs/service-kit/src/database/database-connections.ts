export interface Disconnectable {
  $disconnect(): Promise<void>;
}

/** The databases that a service has opened. They are closed after everything that uses them. */
export class DatabaseConnections {
  readonly #clients: Disconnectable[] = [];

  add(client: Disconnectable): void {
    this.#clients.push(client);
  }

  async close(): Promise<void> {
    await Promise.all(this.#clients.splice(0).map((client) => client.$disconnect()));
  }
}
