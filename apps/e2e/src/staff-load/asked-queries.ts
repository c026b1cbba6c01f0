import { AsyncLocalStorage } from 'node:async_hooks';
import { Server } from 'node:http';
import pg from 'pg';

/** A statement that a service sent to its database. */
export interface AskedQuery {
  readonly sql: string;
  readonly values: readonly unknown[];
  /** Of the service. */
  readonly schema: string;
}

/** A request says by this header that its queries are to be kept, and under which name. */
export const askedHeader = 'x-asked-queries';

const asked = new AsyncLocalStorage<AskedQuery[]>();
const kept = new Map<string, AskedQuery[]>();
const framing = /^(BEGIN|COMMIT|ROLLBACK|SET|SAVEPOINT|RELEASE)\b/i;

type Query = (this: pg.Client, ...args: unknown[]) => unknown;
type Emit = (this: Server, event: string, ...args: unknown[]) => boolean;

/**
 * Notes what every request in this process asks of Postgres, through all services that it reaches: they run in one
 * process, so all of it happens in the request's own asynchronous context. What jobs ask meanwhile is not among it.
 */
export function noteAskedQueries(): void {
  const emit = Server.prototype.emit as Emit;
  Server.prototype.emit = function (this: Server, event: string, ...args: unknown[]) {
    const name = (args[0] as { headers?: Record<string, string> } | undefined)?.headers?.[askedHeader];
    if (event !== 'request' || name === undefined) return emit.call(this, event, ...args);
    const queries: AskedQuery[] = [];
    kept.set(name, queries);
    return asked.run(queries, () => emit.call(this, event, ...args));
  } as never;
  const query = pg.Client.prototype.query as unknown as Query;
  pg.Client.prototype.query = function (this: pg.Client, ...args: unknown[]) {
    note(this, args);
    return query.apply(this, args);
  } as never;
}

function note(client: pg.Client, [config, values]: unknown[]): void {
  const sql = typeof config === 'string' ? config : (config as { text?: string } | undefined)?.text;
  if (sql === undefined || framing.test(sql)) return;
  const given = (values ?? (config as { values?: unknown[] }).values ?? []) as unknown[];
  const { options = '' } = client as unknown as { options?: string } & {
    connectionParameters: { options?: string };
  };
  const { connectionParameters } = client as unknown as { connectionParameters: { options?: string } };
  const schema = /search_path=(\w+)/.exec(connectionParameters.options ?? options)?.[1] ?? 'public';
  asked.getStore()?.push({ sql, values: Array.isArray(given) ? given : [], schema });
}

/** What the request of this name asked, once it was answered. */
export function queriesOf(name: string): readonly AskedQuery[] {
  const queries = kept.get(name);
  if (!queries) throw new Error(`no request named ${name} has come in`);
  kept.delete(name);
  return queries;
}
