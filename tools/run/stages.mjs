import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { build } from './build.mjs';
import { root, run } from './process.mjs';
import { say } from './say.mjs';

/** How much of what a failed test or check said is repeated at the end. */
const failureLines = 20;

/** Of as few files, a failure may be one of timing; where more fail, something is broken, and a second run tells nothing. */
const filesRunAgain = 5;

export const outputDir = join(root, 'test-output');

/**
 * What a stage found.
 *
 * @typedef {{ passed: number, failed: number, output?: string, failures: string[], unsteady?: string[], stopped?: boolean }} Result
 *   `output` is shown when something failed; `failures` says what, and is repeated at the end, and so is `unsteady`, what
 *   failed once and passed when its file was run again by itself; `stopped` says that a person ended it
 * @typedef {{ node: string, env: NodeJS.ProcessEnv }} Context
 * @typedef {{ title: string, needsBuild?: boolean, run: (context: Context) => Promise<Result> }} Stage
 */

/** @returns {Stage} */
export const buildStage = {
  title: 'build',
  run: async (context) => oneResult('build', await build(context, [])),
};

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
      oneResult(title, await run(node, [join(root, script), ...args], { env, quiet: true })),
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
    run: async (context) => {
      const first = await runJest(context, title, stage, stage);
      if (first.stopped || first.files.length === 0 || first.files.length > filesRunAgain) return first;
      say(`${title}: ${first.failed} failed; running ${first.files.length} of its files again ...`);
      const second = await runJest(context, title, stage, `${stage}-again`, first.files);
      const stillFails = new Set(second.failures.map(titleOf));
      return {
        ...second,
        passed: first.passedElsewhere + second.passed,
        unsteady: first.failures.filter((one) => !stillFails.has(titleOf(one))),
      };
    },
  };
}

/**
 * @param {Context} context
 * @param {string} title
 * @param {string} stage
 * @param {string} name of its report
 * @param {string[]} [files] those alone, one after the other
 * @returns {Promise<Result & { files: string[], passedElsewhere: number }>} with the files in which something failed, and how
 *   many tests passed in others
 */
async function runJest({ node, env }, title, stage, name, files) {
  const report = join(outputDir, `${name}.json`);
  const jest = join(root, 'node_modules/jest/bin/jest.js');
  const only = files ? ['--runInBand', '--runTestsByPath', ...files] : [];
  const args = [
    '--experimental-vm-modules',
    '--no-warnings',
    jest,
    '--json',
    `--outputFile=${report}`,
    ...only,
  ];
  const { code, signal } = await run(node, args, {
    env: { ...env, HEIRLOOM_TEST_STAGE: stage },
    discardStdout: true,
  });
  return { files: [], passedElsewhere: 0, ...readReport(title, report, code), stopped: signal !== null };
}

/** An empty folder for reports and logs. */
export function clearOutput() {
  rmSync(outputDir, { recursive: true, force: true });
  mkdirSync(outputDir, { recursive: true });
}

/** Keeps the summary, what failed and what is unsteady where .ci/run finds them. */
export function keepSummary(name, summary, failures, unsteady) {
  const lines = (told) => told.map((one) => `${one}\n`).join('');
  writeFileSync(join(outputDir, `${name}.failures`), lines(failures));
  writeFileSync(join(outputDir, `${name}.unsteady`), lines(unsteady));
  writeFileSync(join(outputDir, `${name}.summary`), `${summary}\n`);
}

/** A suite that could not run, a run without tests and a crash of Jest each count as one failure. */
function readReport(title, path, code) {
  const broken = (output, passed = 0) => ({ passed, failed: 1, output, failures: [failure(title, output)] });
  let report;
  try {
    report = JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return broken('Jest wrote no report.');
  }
  const passed = report.numPassedTests;
  const failed = report.numFailedTests + report.numRuntimeErrorTestSuites;
  if (passed + failed === 0) return broken('No test was found.');
  if (code !== 0 && failed === 0) return broken(`Jest ended with code ${code}.`, passed);
  const broke = report.testResults.filter(({ status }) => status === 'failed');
  const passedThere = broke.flatMap(({ assertionResults }) => assertionResults.filter(isPassed)).length;
  return {
    passed,
    failed,
    failures: failuresOf(report),
    files: broke.map(({ name }) => name),
    passedElsewhere: passed - passedThere,
  };
}

/** What failed in a report of Jest: where, which test, and the beginning of what it said. */
function failuresOf({ testResults }) {
  return testResults.flatMap(({ name, message, status, assertionResults }) => {
    const where = relative(root, name);
    const failed = assertionResults.filter((one) => one.status === 'failed');
    if (failed.length === 0) return status === 'failed' ? [failure(where, message)] : [];
    return failed.map((one) => failure(`${where} › ${one.fullName}`, one.failureMessages.join('\n')));
  });
}

const isPassed = ({ status }) => status === 'passed';

/** The first line of a failure names its test. */
const titleOf = (failure) => failure.split('\n', 1)[0];

function failure(where, said) {
  const lines = stripVTControlCharacters(said)
    .trim()
    .split('\n')
    .filter((line) => !/^\s*at .*(?:node_modules|node:)/.test(line))
    .slice(0, failureLines);
  return [where, ...lines.map((line) => `    ${line}`)].join('\n');
}

function oneResult(title, { code, output, signal }) {
  const passed = code === 0 ? 1 : 0;
  const failures =
    code === 0 ? [] : [failure(title, output.trim().split('\n').slice(-failureLines).join('\n'))];
  return { passed, failed: 1 - passed, output, failures, stopped: signal !== null };
}
