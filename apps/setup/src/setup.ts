import { join } from 'node:path';
import type { Environment } from '@heirloom/service-kit';
import { composeFiles } from './compose/compose-files.ts';
import { provisionDatabases } from './databases/provision-databases.ts';
import { secretManifests } from './kubernetes/secret-manifests.ts';
import { keepSecrets, replaceShared } from './secrets/keep-secrets.ts';
import { secretMakers } from './secrets/secrets.ts';

const usage = `Makes what an installation of several services needs before it starts.

  setup compose FOLDER      secrets, one a file, and the files that docker/compose.cluster.yaml mounts
  setup kubernetes FOLDER   secrets, one a file, and secrets.json with the Secrets that k8s/ asks for
  setup databases           the services' roles and schemas in Postgres, by HEIRLOOM_SETUP_ADMIN_URL and their own settings

Secrets that are there stay as they are: to change one, remove its file and run it again.`;

/**
 * The body of `main.ts`.
 *
 * @returns what a person should read
 * @throws Error with a sentence for people
 */
export async function setUp(words: readonly string[], env: Environment): Promise<string> {
  const [command, folder, ...more] = words;
  if (command === 'databases' && words.length === 1) return provisionDatabases(env);
  if ((command !== 'compose' && command !== 'kubernetes') || !folder || more.length > 0)
    throw new Error(usage);
  const { secrets, made } = await keepSecrets(folder, secretMakers());
  const files =
    command === 'compose'
      ? composeFiles(secrets)
      : { 'secrets.json': manifestList(secretManifests(secrets)) };
  for (const [name, text] of Object.entries(files)) await replaceShared(join(folder, name), text);
  const news = made.length === 0 ? 'No secret was missing' : `Made ${made.join(', ')}`;
  return `${news}. Keep a copy of ${folder} in a safe place: without it accounts and family logs cannot be used again.`;
}

const manifestList = (items: readonly object[]): string =>
  `${JSON.stringify({ apiVersion: 'v1', kind: 'List', items }, null, 2)}\n`;
