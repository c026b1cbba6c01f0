import { bindMigrationAwareSqlAdapterFactory } from '@prisma/driver-adapter-utils';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { createInterface } from 'node:readline';
import { adapterFactory } from './adapter.mjs';
import { createDatabase } from './database.mjs';

/** JSON-RPC's code for "the engine refused"; the CLI reads the rest from `data`. */
const ENGINE_ERROR = 4466;

/**
 * Answers JSON-RPC requests, one a line, until stdin closes and the last answer is written.
 *
 * @param {{ datamodels: string[], datasource: { url?: string, shadowDatabaseUrl?: string } }} args
 */
export function serve(args) {
  const session = new Session(args);
  let unanswered = 0;
  let closed = false;
  const exitWhenDone = () => {
    // The engine holds its database connections open for as long as it lives.
    if (closed && unanswered === 0) process.exit(0);
  };
  const lines = createInterface({ input: process.stdin });
  lines.on('close', () => {
    closed = true;
    exitWhenDone();
  });
  lines.on('line', async (line) => {
    if (!line.trim()) return;
    const request = JSON.parse(line);
    if (!request.method) return; // the CLI's answer to one of our notices
    unanswered++;
    await respond(session, request);
    unanswered--;
    exitWhenDone();
  });
}

async function respond(session, { id, method, params }) {
  try {
    const result = (await session.call(method, params ?? {})) ?? {};
    if (method === 'diff' && result.stdout) {
      send({ id: `print-${id}`, method: 'print', params: { content: result.stdout } });
      result.stdout = null;
    }
    send({ id, result });
  } catch (error) {
    send({ id, error: session.describe(error) });
  }
}

function send(message) {
  process.stdout.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);
}

/** One engine, made at the first request that needs it. */
class Session {
  #args;
  #engine;
  #factory;

  constructor(args) {
    this.#args = args;
  }

  async call(method, params) {
    if (method === 'createDatabase') return createDatabase(this.#args.datasource.url);
    const engine = await (this.#engine ??= this.#start());
    if (method === 'getDatabaseVersion') return engine.version(params);
    if (method === 'evaluateDataLoss') {
      // The WebAssembly engine does not give this method the shadow database, but it does read the history that
      // devDiagnostic leaves in its cache.
      await engine.devDiagnostic({ migrationsList: params.migrationsList, filters: params.filters });
    }
    if (typeof engine[method] !== 'function') throw new Error(`The schema engine has no method "${method}"`);
    return engine[method](params);
  }

  describe(error) {
    const cause = this.#factory?.errorRegistry?.consumeError?.(0)?.error;
    return {
      code: ENGINE_ERROR,
      message: 'An error happened. Check the data field for details.',
      data: {
        is_panic: false,
        message: error?.message ?? String(error),
        meta: error?.meta ?? null,
        error_code: error?.code ?? error?.error_code ?? null,
        cause: cause ? String(cause) : undefined,
      },
    };
  }

  async #start() {
    const { datamodels, datasource } = this.#args;
    const { SchemaEngine } = await instantiate();
    this.#factory = bindMigrationAwareSqlAdapterFactory(adapterFactory(datasource));
    const files = datamodels.map((path) => [path, readFileSync(path, 'utf8')]);
    return SchemaEngine.new({ datamodels: files.length > 0 ? files : undefined }, () => {}, this.#factory);
  }
}

/** The package is made for bundlers; in Node its two halves must be put together by hand. */
async function instantiate() {
  const bindings = await import('@prisma/schema-engine-wasm/schema_engine_bg');
  const entry = createRequire(import.meta.url).resolve('@prisma/schema-engine-wasm');
  const wasm = readFileSync(entry.replace(/schema_engine\.js$/, 'schema_engine_bg.wasm'));
  const { instance } = await WebAssembly.instantiate(wasm, { './schema_engine_bg.js': bindings });
  bindings.__wbg_set_wasm(instance.exports);
  instance.exports.__wbindgen_start();
  return bindings;
}
