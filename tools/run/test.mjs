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
    checkStage('format', [PRETTIER, '--check', '--log-level=warn', '.']),
    checkStage('lint', [ESLINT, '--max-warnings=0', '.']),
    checkStage('types of the tests', [TSC, '-p', 'tsconfig.spec.json']),
    checkStage('migrations equal schemas', ['tools/prisma/check.mjs']),
    jestStage('units and services', 'unit', false),
    jestStage('end to end', 'e2e', true),
    jestStage('browser', 'browser', true),
  ]);
}

/** `npm run test:long`: big files, long runs. Returns the exit code. */
export function testLong(context) {
  return runStages('test-long', context, LONG_PROGRAMS, [buildStage, jestStage('long', 'long', true)]);
}

/** Runs stage after stage, also after a failure where that tells more, and sums up. */
async function runStages(name, context, programs, stages) {
  if (!(await ensurePrograms(context.env, programs))) return 1;
  clearOutput();
  const total = { passed: 0, failed: 0 };
  let isBuilt = true;
  for (const stage of stages) {
    const result = await runStage(stage, context, isBuilt);
    total.passed += result.passed;
    total.failed += result.failed;
    if (stage === buildStage) isBuilt = result.failed === 0;
    if (result.stopped) return 130;
  }
  const summary = `${total.passed} passed, ${total.failed} failed`;
  keepSummary(name, summary);
  console.log(summary);
  return total.failed === 0 && total.passed > 0 ? 0 : 1;
}

async function runStage(stage, context, isBuilt) {
  if (stage.needsBuild && !isBuilt) {
    fail(`${stage.title}: not run, since the build failed.`);
    return { passed: 0, failed: 1 };
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
