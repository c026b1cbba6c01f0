#!/usr/bin/env node
/**
 * The `heirloom` command. It runs on any Node that npm runs on: where that one is too old for the program, the Node
 * that `npm start` has fetched for this folder takes over.
 */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { constants } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const root = join(import.meta.dirname, '../../..');
const program = join(root, 'apps/cli/dist/main.js');
const fetched = join(root, `tools/node/node_modules/node-${process.platform}-${process.arch}/bin/node`);

/** What the program is written for. */
const MINIMUM = 24;
const major = Number.parseInt(process.versions.node, 10);

if (!existsSync(program)) {
  console.error('Heirloom is not built yet. Run "npm start" (or "npm run build") in this folder first.');
  process.exitCode = 1;
} else if (major >= MINIMUM) {
  await import(pathToFileURL(program).href);
} else if (existsSync(fetched)) {
  runWith(fetched);
} else {
  console.error(
    `Node ${process.versions.node} is too old. Run "npm start" in this folder once: it fetches a newer one.`,
  );
  process.exitCode = 1;
}

/** Runs the program in another Node, which gets our signals and gives us its exit code. */
function runWith(node) {
  const args = [program, ...process.argv.slice(2)];
  const child = spawn(node, args, { stdio: 'inherit' });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    // A terminal sends Ctrl-C to both of us: passed on as well, it would count twice.
    process.on(signal, () => (signal === 'SIGINT' && process.stdin.isTTY ? undefined : child.kill(signal)));
  }
  child.once('error', (error) => {
    console.error(`Node could not be started (${node}): ${error.message}`);
    process.exitCode = 1;
  });
  child.once('exit', (code, signal) => {
    process.exitCode = code ?? 128 + constants.signals[signal];
  });
}
