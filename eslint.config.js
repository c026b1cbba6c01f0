import eslint from '@eslint/js';
import nx from '@nx/eslint-plugin';
import { createProjectGraphAsync } from '@nx/devkit';
import reactHooks from 'eslint-plugin-react-hooks';
import tseslint from 'typescript-eslint';
import { filesOf } from './tools/lint/projects.js';

// The boundaries rule reads Nx's project graph from its cache and says nothing where there is none: make sure of it.
process.env.NX_DAEMON = 'false';
await createProjectGraphAsync({ exitOnError: false, resetDaemonClient: true });

const specs = ['**/*.spec.ts', '**/*.spec-helper.ts', '**/test/**/*.ts', 'libs/*/src/testing/**/*.ts'];
const e2e = ['apps/e2e/**/*.ts'];
const starters = ['apps/*/src/main.ts'];
const cryptography = ['hpke', '@panva/hpke-noble', '@hpke/*', '@heirloom/crypto', '@heirloom/client'];

const nodeGlobals = [
  'Buffer',
  'URL',
  'WebAssembly',
  'console',
  'performance',
  'process',
  'setInterval',
  'setTimeout',
];

const onlyTag = (sourceTag, ...onlyDependOnLibsWithTags) => ({ sourceTag, onlyDependOnLibsWithTags });
const ownService = (name) => onlyTag(`service:${name}`, `service:${name}`, 'type:lib');

/** Who may import whom. docs/ARCHITECTURE.md says why. */
const boundaries = {
  enforceBuildableLibDependency: false,
  allow: [],
  depConstraints: [
    onlyTag('side:shared', 'side:shared'),
    onlyTag('side:client', 'side:client', 'side:shared'),
    {
      ...onlyTag('side:server', 'side:server', 'side:shared'),
      bannedExternalImports: cryptography,
    },
    { sourceTag: 'type:service', notDependOnLibsWithTags: ['type:service', 'type:app', 'type:home'] },
    ...['auth', 'vault', 'sharing-policy', 'integrity-checker'].map(ownService),
    onlyTag('type:lib', 'type:lib'),
    onlyTag('type:home', 'type:service', 'type:lib'),
    onlyTag('side:test', '*'),
  ],
};

const environment = {
  object: 'process',
  property: 'env',
  message: 'Only main.ts reads the environment: take a parsed configuration as a parameter.',
};
const exit = {
  object: 'process',
  property: 'exit',
  message: 'Only main.ts ends the process: throw instead.',
};
const environmentImport = {
  name: 'node:process',
  importNames: ['env', 'exit'],
  message: environment.message,
};
const opaqueClient = {
  name: '@serenity-kit/opaque',
  importNames: ['client'],
  message: "A server must not run the client's part of OPAQUE: it would see a password.",
};

export default tseslint.config(
  { ignores: ['**/dist/**', '**/generated/**', '**/node_modules/**', 'data/**', 'test-output/**', '.nx/**'] },
  eslint.configs.recommended,
  {
    files: ['**/*.js', '**/*.mjs'],
    languageOptions: {
      globals: Object.fromEntries(nodeGlobals.map((name) => [name, 'readonly'])),
    },
  },
  {
    files: ['**/*.ts', '**/*.tsx'],
    extends: [tseslint.configs.recommendedTypeChecked],
    languageOptions: {
      parserOptions: { project: './tsconfig.spec.json', tsconfigRootDir: import.meta.dirname },
    },
    plugins: { '@nx': nx },
    rules: {
      '@nx/enforce-module-boundaries': ['error', boundaries],
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true },
      ],
      // The tests are checked with the DOM's types beside Node's, which the project itself may not have.
      '@typescript-eslint/no-unnecessary-type-assertion': 'off',
      '@typescript-eslint/no-redundant-type-constituents': 'off',
      // A handler is async because its contract says so, also where it does not wait.
      '@typescript-eslint/require-await': 'off',
    },
  },
  {
    files: ['**/*.tsx', 'apps/{web,admin-dashboard}/src/**/*.ts'],
    plugins: { 'react-hooks': reactHooks },
    rules: {
      'react-hooks/rules-of-hooks': 'error',
      'react-hooks/exhaustive-deps': 'error',
      // React takes a handler that returns a promise for one that returns nothing.
      '@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: { attributes: false } }],
      // The router is told where to go instead by throwing.
      '@typescript-eslint/only-throw-error': 'off',
    },
  },
  {
    // Compiled with the types of its own surroundings, which clash with the page's.
    files: ['apps/web/src/service-worker/**'],
    languageOptions: {
      parserOptions: {
        project: './apps/web/src/service-worker/tsconfig.json',
        tsconfigRootDir: import.meta.dirname,
      },
    },
  },
  {
    // The router's types are of one app, and the family's pages have theirs.
    files: ['apps/admin-dashboard/src/**'],
    languageOptions: {
      parserOptions: {
        project: './apps/admin-dashboard/tsconfig.json',
        tsconfigRootDir: import.meta.dirname,
      },
    },
  },
  {
    rules: {
      eqeqeq: 'error',
      'no-console': 'error',
      'max-lines': ['error', { max: 300 }],
      'max-lines-per-function': ['error', { max: 60 }],
      'no-restricted-properties': ['error', environment, exit],
      'no-restricted-imports': ['error', { paths: [environmentImport] }],
      'no-warning-comments': ['error', { terms: ['todo', 'fixme', 'xxx'] }],
      'no-restricted-syntax': [
        'error',
        { selector: 'ExportDefaultDeclaration', message: 'Export by name, so that a thing has one name.' },
      ],
    },
  },
  {
    files: filesOf('side:server'),
    rules: { 'no-restricted-imports': ['error', { paths: [environmentImport, opaqueClient] }] },
  },
  {
    // These run in browsers too.
    files: [
      'libs/contracts/src/**',
      'libs/formats/src/**',
      'libs/access/src/**',
      'libs/crypto/src/**',
      'libs/media/src/**',
    ],
    ignores: ['libs/media/src/node/**', 'libs/media/src/samples/**'],
    rules: {
      'no-restricted-imports': ['error', { patterns: ['node:*', '@nestjs/*', '@prisma/*'] }],
    },
  },
  {
    // A page reads as one piece: its parts are components.
    files: ['**/*.tsx'],
    rules: { 'max-lines-per-function': ['error', { max: 100 }] },
  },
  { files: starters, rules: { 'no-console': 'off', 'no-restricted-properties': 'off' } },
  {
    files: [...specs, ...e2e],
    rules: {
      '@nx/enforce-module-boundaries': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/unbound-method': 'off',
      'max-lines': 'off',
      'max-lines-per-function': 'off',
      'no-restricted-properties': 'off',
      'no-restricted-imports': 'off',
    },
  },
  {
    files: ['tools/**', 'docker/**', 'apps/cli/bin/**', '*.config.js'],
    rules: { 'no-console': 'off', 'no-restricted-properties': 'off', 'no-restricted-imports': 'off' },
  },
  {
    // Builds share plugins that belong to no project.
    files: ['apps/*/vite.config.ts'],
    rules: { '@nx/enforce-module-boundaries': 'off' },
  },
  {
    // These programs look for a default export.
    files: ['*.config.js', '**/*.config.{js,mjs,ts}', 'tools/jest/*.mjs', '**/css-modules.d.ts'],
    rules: { 'no-restricted-syntax': 'off' },
  },
);
