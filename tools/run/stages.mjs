import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from './build.mjs';
import { root, run } from './process.mjs';

export const outputDir = join(root, 'test-output');

/**
 * What a stage found.
 *
 * @typedef {{ passed: number, failed: number, output?: string, stopped?: boolean }} Result `output` is shown when
 *   something failed; `stopped` says that a person ended it
 * @typedef {{ node: string, env: NodeJS.ProcessEnv }} Context
 * @typedef {{ title: string, needsBuild?: boolean, run: (context: Context) => Promise<Result> }} Stage
 */

/** @returns {Stage} */
export const buildStage = { title: 'build', run: async (context) => oneResult(await build(context, [])) };

/**
 * A check that passes or fails as a whole.
 *
 * @param {string} title
 * @param {string[]} args a script in the workspace and its arguments
 * @returns {Stage}
 */
export function checkStage(title, [script, ...args]) {
  return {
    title,
    run: async ({ node, env }) =>
      oneResult(await run(node, [join(root, script), ...args], { env, quiet: true })),
  };
}

/**
 * Specs of one kind; see jest.config.js.
 *
 * @param {string} title
 * @param {string} stage
 * @param {boolean} needsBuild
 * @returns {Stage}
 */
export function jestStage(title, stage, needsBuild) {
  return {
    title,
    needsBuild,
    run: async ({ node, env }) => {
      const report = join(outputDir, `${stage}.json`);
      const jest = join(root, 'node_modules/jest/bin/jest.js');
      const args = ['--experimental-vm-modules', '--no-warnings', jest, '--json', `--outputFile=${report}`];
      const { code, signal } = await run(node, args, {
        env: { ...env, HEIRLOOM_TEST_STAGE: stage },
        discardStdout: true,
      });
      return { ...readReport(report, code), stopped: signal !== null };
    },
  };
}

/** An empty folder for reports and logs. */
export function clearOutput() {
  rmSync(outputDir, { recursive: true, force: true });
  mkdirSync(outputDir, { recursive: true });
}

/** Keeps the summary where .ci/run finds it. */
export function keepSummary(name, summary) {
  writeFileSync(join(outputDir, `${name}.summary`), `${summary}\n`);
}

/** A suite that could not run, a run without tests and a crash of Jest each count as one failure. */
function readReport(path, code) {
  let report;
  try {
    report = JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return { passed: 0, failed: 1, output: 'Jest wrote no report.' };
  }
  const passed = report.numPassedTests;
  const failed = report.numFailedTests + report.numRuntimeErrorTestSuites;
  if (passed + failed === 0) return { passed, failed: 1, output: 'No test was found.' };
  if (code !== 0 && failed === 0) return { passed, failed: 1, output: `Jest ended with code ${code}.` };
  return { passed, failed };
}

function oneResult({ code, output, signal }) {
  return { passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1, output, stopped: signal !== null };
}
