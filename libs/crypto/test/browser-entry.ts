import { webPorts } from '../src/index.ts';
import { suite } from './suite.ts';
import type { SuiteInput } from './check.ts';

export interface BrowserResult {
  name: string;
  /** Undefined when it passed. */
  error?: string;
}

/** Runs the whole suite with the browser's WebCrypto. */
async function runSuite(files: Omit<SuiteInput, 'ports'>): Promise<BrowserResult[]> {
  const results: BrowserResult[] = [];
  for (const { name, run } of suite({ ...files, ports: webPorts })) {
    try {
      await run();
      results.push({ name });
    } catch (error) {
      results.push({ name, error: String(error) });
    }
  }
  return results;
}

Object.assign(globalThis, { runSuite });
