import { beforeAll, describe, expect, it } from '@jest/globals';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

const root = join(import.meta.dirname, '../..');
const BOUNDARIES = '@nx/enforce-module-boundaries';
const IMPORTS = 'no-restricted-imports';

type Case = { file: string; code: string };

const cases: Case[] = [];
let found: string[][] = [];

// ESLint's configuration is made of CommonJS and ES modules that Jest's module system cannot mix: Node's own runs it.
// One process lints everything, since reading the whole workspace's types takes seconds.
beforeAll(async () => {
  const script = `
    import { ESLint } from 'eslint';
    const eslint = new ESLint();
    const found = [];
    for (const { file, code } of ${JSON.stringify(cases)}) {
      const [result] = await eslint.lintText(code, { filePath: file });
      found.push(result.messages.map(({ ruleId, message }) => ruleId ?? message));
    }
    console.log(JSON.stringify(found));`;
  const args = ['--no-warnings', '--input-type=module', '--eval', script];
  // typescript-eslint would take CI for a run that sees each file once, and keep the types of its first text.
  const env = { ...process.env, TSESTREE_SINGLE_RUN: 'false' };
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: root, env });
  found = JSON.parse(stdout) as string[][];
});

/** A test that texts, each linted as if it stood in its file, break exactly these rules: one list of ids for each. */
function expectRules(title: string, texts: Case[], rules: string[][]): void {
  const first = cases.push(...texts) - texts.length;
  it(title, () => expect(found.slice(first, first + texts.length)).toEqual(rules));
}

const SERVERS = [
  'libs/services/auth',
  'libs/services/vault',
  'libs/services/sharing-policy',
  'libs/services/integrity-checker',
  'libs/service-kit',
  'libs/blob-store',
];
const use = (name: string) => `import * as used from '${name}';\nexport { used };\n`;
const useNamed = (part: string) => `import { ${part} } from '@serenity-kit/opaque';\nexport { ${part} };\n`;
const inFolder = (folder: string, code: string): Case => ({ file: `${folder}/src/index.ts`, code });
const inVault = (code: string) => inFolder('libs/services/vault', code);

describe('the lint rules', () => {
  expectRules(
    'refuse the crypto library in every server project',
    SERVERS.map((folder) => inFolder(folder, use('@heirloom/crypto'))),
    SERVERS.map(() => [BOUNDARIES]),
  );

  expectRules(
    'refuse the client library and HPKE in a server project',
    ['@heirloom/client', 'hpke', '@panva/hpke-noble'].map((name) => inVault(use(name))),
    [[BOUNDARIES], [BOUNDARIES], [BOUNDARIES]],
  );

  expectRules(
    "refuse OPAQUE's client part in a server project, and allow its server part",
    [useNamed('client'), use('@serenity-kit/opaque'), useNamed('server')].map((code) =>
      inFolder('libs/services/auth', code),
    ),
    [[IMPORTS], [IMPORTS], []],
  );

  expectRules(
    'allow a client project and a test of a server project to use the crypto library',
    [
      inFolder('libs/client', use('@heirloom/crypto')),
      { file: 'libs/service-kit/src/postgres/migrate.spec.ts', code: use('@heirloom/crypto') },
    ],
    [[], []],
  );

  expectRules(
    'refuse one service in another, and a server library in shared and client projects',
    [
      inVault(use('@heirloom/auth')),
      inFolder('libs/formats', use('@heirloom/service-kit')),
      inFolder('libs/crypto', use('@heirloom/service-kit')),
      inFolder('libs/formats', use('@heirloom/crypto')),
    ],
    [[BOUNDARIES], [BOUNDARIES], [BOUNDARIES], [BOUNDARIES]],
  );

  expectRules(
    'refuse the environment outside of main.ts, Node in browser code, default exports, loose promises and any',
    [
      inVault('export const home = process.env.HOME;\n'),
      inFolder('libs/crypto', use('node:fs')),
      inVault('export default 1;\n'),
      inVault('const work = async () => {};\nexport const begin = () => {\n  work();\n};\n'),
      inVault('export const text = (value: any): string => String(value);\n'),
    ],
    [
      ['no-restricted-properties'],
      [IMPORTS],
      ['no-restricted-syntax'],
      ['@typescript-eslint/no-floating-promises'],
      ['@typescript-eslint/no-explicit-any'],
    ],
  );
});
