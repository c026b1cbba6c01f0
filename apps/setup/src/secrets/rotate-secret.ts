import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { serviceNames } from '@heirloom/contracts';
import { natsPasswordOf, natsUserOf, otherNatsUser } from '../nats/nats-users.ts';
import { readIfThere, replaceShared } from './keep-secrets.ts';
import { beforeOf, databasePasswordOf, fileNameOf, nextOf, secretMakers, services } from './secrets.ts';
import { hasPrevious } from './settings-of.ts';

const page = 'docs/operations/secrets.md';
const handsOver = 'sharing-policy-log-key';

/**
 * Whoever makes something by the new value may meet a process that was not restarted yet, so all must take it before
 * anybody uses it.
 */
const announced = (): string[] => [
  'service-secret',
  ...services
    .flatMap(({ secrets }) =>
      Object.keys(secrets ?? {})
        .filter(hasPrevious)
        .map(fileNameOf),
    )
    .filter((name) => name !== handsOver),
];

/** Both values are valid for a while, so that processes can be restarted one by one. */
const overlapping = (): string[] => [...announced(), handsOver, ...serviceNames.map(natsPasswordOf)];

/** Taken over from here by whoever holds the password, so that the new one is valid at once and the old one is not. */
const takenOver = (): string[] => [
  ...serviceNames.map(databasePasswordOf),
  'backup-database-password',
  'redis-password',
  'auth-operator-setup-token',
];

/**
 * Gives a secret a new value. Where that is possible the one of now stays valid until {@link settleSecret}.
 *
 * @returns what a person should do next
 * @throws Error with a sentence for people
 */
export async function rotateSecret(folder: string, name: string): Promise<string> {
  const make = secretMakers()[name];
  const now = await readIfThere(join(folder, name));
  if (!make || ![...overlapping(), ...takenOver()].includes(name))
    throw new Error(
      `${name} cannot be changed by this. These can: ${[...overlapping(), ...takenOver()].join(', ')}. ${page} tells of the others.`,
    );
  if (!now) throw new Error(`${folder} has no ${name}.`);
  const write = (file: string, text: string) => replaceShared(join(folder, file), text);
  if (takenOver().includes(name)) {
    await write(name, make());
    return `${name} has a new value, and the one before is not valid any more once it is taken over: ${page} says how.`;
  }
  if (await readIfThere(join(folder, beforeOf(name))))
    throw new Error(`${name} is being changed already. "setup settle ${name} FOLDER" ends that.`);
  const next = await readIfThere(join(folder, nextOf(name)));
  if (announced().includes(name) && !next) {
    await write(nextOf(name), make());
    return `What will be the ${name} is accepted, and not used yet. Hand it over, restart what reads it one by one, then rotate it once more.`;
  }
  await write(beforeOf(name), now);
  await takeTurns(folder, name);
  await write(name, next ?? make());
  await rm(join(folder, nextOf(name)), { force: true });
  return `${name} has a new value, and the one before stays valid. Hand both over, restart what reads it one by one, then settle it.`;
}

/**
 * Ends the change of a secret: the value of before is valid no more.
 *
 * @throws Error with a sentence for people
 */
export async function settleSecret(folder: string, name: string): Promise<string> {
  if (!(await readIfThere(join(folder, beforeOf(name))))) throw new Error(`${name} is not being changed.`);
  await rm(join(folder, beforeOf(name)));
  return `The ${name} of before is valid no more, once this is handed over and what reads it is restarted.`;
}

/** Whoever had a login of before keeps its user. */
async function takeTurns(folder: string, name: string): Promise<void> {
  const service = serviceNames.find((one) => natsPasswordOf(one) === name);
  if (!service) return;
  const file = join(folder, natsUserOf(service));
  await replaceShared(file, otherNatsUser(service, (await readIfThere(file)) ?? service));
}
