import { once } from 'node:events';

/** Tells the cleaner that the run is over, and waits until it is done. */
export default async function globalTeardown() {
  const cleaner = globalThis.heirloomTestCleaner;
  if (!cleaner || cleaner.exitCode !== null) return;
  cleaner.ref();
  const exited = once(cleaner, 'exit');
  cleaner.stdin.end();
  await exited;
}
