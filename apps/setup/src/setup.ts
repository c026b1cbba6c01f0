import { join } from 'node:path';
import type { Environment } from '@heirloom/service-kit';
import { composeFiles } from './compose/compose-files.ts';
import { provisionDatabases } from './databases/provision-databases.ts';
import { secretManifests } from './kubernetes/secret-manifests.ts';
import { keepSecrets, readIfThere, replaceShared } from './secrets/keep-secrets.ts';
import { rotateSecret, settleSecret } from './secrets/rotate-secret.ts';
import { secretMakers, type Secrets } from './secrets/secrets.ts';

const usage = `Makes what an installation of several services needs before it starts.

  setup compose FOLDER      secrets, one a file, and the files that docker/compose.cluster.yaml mounts
  setup kubernetes FOLDER   secrets, one a file, and secrets.json with the Secrets that k8s/ asks for
  setup databases           the services' roles and schemas in Postgres, by HEIRLOOM_SETUP_ADMIN_URL and their own settings
  setup rotate SECRET FOLDER   a new value for one secret; where it can, the one before stays valid
  setup settle SECRET FOLDER   the one before is valid no more

Secrets that are there stay as they are, but for the last two. They write the files of compose or kubernetes anew.`;

const kinds = {
  compose: { file: 'nats.conf', files: composeFiles },
  kubernetes: {
    file: 'secrets.json',
    files: (secrets: Secrets) => ({ 'secrets.json': manifestList(secretManifests(secrets)) }),
  },
};

/**
 * The body of `main.ts`.
 *
 * @returns what a person should read
 * @throws Error with a sentence for people
 */
export async function setUp(words: readonly string[], env: Environment): Promise<string> {
  const [command, first, second, ...more] = words;
  if (command === 'databases' && words.length === 1) return provisionDatabases(env);
  if ((command === 'rotate' || command === 'settle') && first && second && more.length === 0)
    return await change(command, first, second);
  if ((command !== 'compose' && command !== 'kubernetes') || !first || words.length > 2)
    throw new Error(usage);
  const made = await writeAll(first, kinds[command].files);
  const news = made.length === 0 ? 'No secret was missing' : `Made ${made.join(', ')}`;
  return `${news}. Keep a copy of ${first} in a safe place: without it accounts and family logs cannot be used again.`;
}

/** What follows from the secrets is written anew for whatever the folder was made for. */
async function change(command: 'rotate' | 'settle', name: string, folder: string): Promise<string> {
  const found = await Promise.all(
    Object.values(kinds).map(async (kind) => ((await readIfThere(join(folder, kind.file))) ? [kind] : [])),
  );
  if (found.flat().length === 0) throw new Error(`${folder} holds no secrets that setup has made.`);
  const said = await (command === 'rotate' ? rotateSecret(folder, name) : settleSecret(folder, name));
  for (const { files } of found.flat()) await writeAll(folder, files);
  return said;
}

/** @returns the secrets that were made now */
async function writeAll(
  folder: string,
  filesOf: (secrets: Secrets) => Record<string, string>,
): Promise<string[]> {
  const { secrets, made } = await keepSecrets(folder, secretMakers());
  for (const [name, text] of Object.entries(filesOf(secrets))) await replaceShared(join(folder, name), text);
  return made;
}

const manifestList = (items: readonly object[]): string =>
  `${JSON.stringify({ apiVersion: 'v1', kind: 'List', items }, null, 2)}\n`;
