import { ensurePrograms, LONG_PROGRAMS, PROGRAMS } from './programs.mjs';
import { fail, say } from './say.mjs';
import { buildStage, checkStage, clearOutput, jestStage, keepSummary } from './stages.mjs';

const PRETTIER = 'node_modules/prettier/bin/prettier.cjs';
const ESLINT = 'node_modules/eslint/bin/eslint.js';
const TSC = 'node_modules/typescript-native/bin/tsc';

/** `npm test`: everything that a change must not break, in minutes. Returns the exit code. */
export function test(context) {
  return runStages('test', context, PROGRAMS, [
    buildStage,
    [
      checkStage('lint', [ESLINT, '--max-warnings=0', '.']),
      checkStage('format', [PRETTIER, '--check', '--log-level=warn', '.']),
      checkStage('types of the tests', [TSC, '-p', 'tsconfig.spec.json']),
      checkStage('migrations equal schemas', ['tools/prisma/check.mjs']),
    ],
    jestStage('units and services', 'unit', false),
    jestStage('end to end', 'e2e', true),
    jestStage('browser', 'browser', true),
  ]);
}

/** `npm run test:long`: big files, long runs. Returns the exit code. */
export function testLong(context) {
  return runStages('test-long', context, LONG_PROGRAMS, [buildStage, jestStage('long', 'long', true)]);
}

/** Runs step after step, also after a failure where that tells more, and sums up. The stages of one step run together. */
async function runStages(name, context, programs, steps) {
  if (!(await ensurePrograms(context.env, programs))) return 1;
  clearOutput();
  const total = { passed: 0, failed: 0 };
  const failures = [];
  const allUnsteady = [];
  let isBuilt = true;
  for (const step of steps) {
    const results = await Promise.all([step].flat().map((stage) => runStage(stage, context, isBuilt)));
    for (const { passed, failed, failures: found, unsteady = [] } of results) {
      total.passed += passed;
      total.failed += failed;
      failures.push(...found);
      allUnsteady.push(...unsteady);
    }
    if (step === buildStage) isBuilt = total.failed === 0;
    if (results.some(({ stopped }) => stopped)) return 130;
  }
  const summary = `${total.passed} passed, ${total.failed} failed`;
  keepSummary(name, summary, failures, allUnsteady);
  if (allUnsteady.length > 0)
    console.error(`What failed at first and passed when it was run again:\n${allUnsteady.join('\n')}`);
  if (failures.length > 0) console.error(`What failed:\n${failures.join('\n')}`);
  console.log(summary);
  return total.failed === 0 && total.passed > 0 ? 0 : 1;
}

async function runStage(stage, context, isBuilt) {
  if (stage.needsBuild && !isBuilt) {
    const failure = `${stage.title}: not run, since the build failed.`;
    fail(failure);
    return { passed: 0, failed: 1, failures: [failure] };
  }
  say(`${stage.title} ...`);
  const startMs = performance.now();
  const result = await stage.run(context);
  const tookSeconds = ((performance.now() - startMs) / 1000).toFixed(1);
  if (result.failed > 0 && result.output) console.error(result.output.trimEnd());
  const report = result.failed > 0 ? fail : say;
  report(`${stage.title}: ${result.passed} passed, ${result.failed} failed, in ${tookSeconds} s`);
  return result;
}
