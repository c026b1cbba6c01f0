/**
 * One Jest configuration for the whole workspace. The file name of a spec says in which stage it runs:
 *
 *   *.spec.ts           unit     units, and services against real parts of their own (the default)
 *   *.e2e.spec.ts       e2e      flows against the booted system
 *   *.browser.spec.ts   browser  in a real Chromium
 *   *.long.spec.ts      long     minutes each; `npm run test:long`
 *
 * HEIRLOOM_TEST_STAGE chooses the stage. A file named on the command line brings its own stage along.
 */
const special = ['e2e', 'browser', 'long'];
const named = process.argv.slice(2).join(' ');
const stage =
  process.env.HEIRLOOM_TEST_STAGE ?? special.find((name) => named.includes(`.${name}.spec`)) ?? 'unit';
if (stage !== 'unit' && !special.includes(stage)) {
  throw new Error(`HEIRLOOM_TEST_STAGE must be one of unit, ${special.join(', ')}, not "${stage}"`);
}

const timeoutMs = { unit: 180_000, e2e: 300_000, browser: 300_000, long: 3_600_000 };

/** Decorators as tsc emits them, since Nest's injection reads the metadata. */
const swc = {
  swcrc: false,
  jsc: {
    target: 'es2023',
    parser: { syntax: 'typescript', tsx: false, decorators: true },
    transform: { legacyDecorator: true, decoratorMetadata: true, useDefineForClassFields: true },
    keepClassNames: true,
  },
  module: { type: 'es6' },
  sourceMaps: 'inline',
};

export default {
  rootDir: import.meta.dirname,
  roots: ['apps', 'libs', 'tools'].map((folder) => `<rootDir>/${folder}`),
  testEnvironment: 'node',
  testEnvironmentOptions: { customExportConditions: ['@heirloom/source', 'node', 'node-addons'] },
  testMatch:
    stage === 'unit'
      ? ['**/*.spec.ts', ...special.map((name) => `!**/*.${name}.spec.ts`)]
      : [`**/*.${stage}.spec.ts`],
  testPathIgnorePatterns: ['/node_modules/', '/dist/', '/generated/'],
  modulePathIgnorePatterns: ['/dist/'],
  watchPathIgnorePatterns: ['/dist/', '/test-output/', '/data/'],
  extensionsToTreatAsEsm: ['.ts'],
  transform: { '^.+\\.ts$': ['@swc/jest', swc] },
  testTimeout: timeoutMs[stage],
  // Services of units wait for databases a good deal, systems that are booted work more. Memory is measured of single processes.
  maxWorkers: stage === 'unit' ? 3 : 2,
  // Modules of finished specs pile up in a worker; collecting such a heap takes longer than starting anew.
  workerIdleMemoryLimit: '700MB',
  globalSetup: '<rootDir>/tools/jest/global-setup.mjs',
  globalTeardown: '<rootDir>/tools/jest/global-teardown.mjs',
};
