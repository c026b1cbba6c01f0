#!/usr/bin/env node
/**
 * Stands in for Prisma's native schema engine, which the CLI would download from a host of Prisma's. The same engine
 * is published to npm as WebAssembly (@prisma/schema-engine-wasm); this program speaks the native engine's protocol
 * (line-separated JSON-RPC on stdin and stdout, and the `cli` subcommands) and hands the work to it.
 *
 * Prisma finds it by PRISMA_SCHEMA_ENGINE_BINARY; see prisma.mjs.
 */
import { parseArguments } from './schema-engine/arguments.mjs';
import { runCommand } from './schema-engine/command.mjs';
import { serve } from './schema-engine/rpc.mjs';

const args = parseArguments(process.argv.slice(2));
if (args.version) {
  console.log('schema-engine-cli (WebAssembly)');
} else if (args.command) {
  process.exitCode = await runCommand(args.command, args.datasource);
} else {
  serve(args);
}
