import type { AuditEntry } from '@heirloom/contracts';
import { listDevices, listMembers, readActivity, type Vault } from '@heirloom/client';
import { withVault, type Context } from '../context.ts';
import { minuteText, table } from '../output/text.ts';
import type { CommandResult } from '../output/io.ts';
import { auditText } from './audit-text.ts';
import { nameOf } from './family/people.ts';

export interface ActivityOptions {
  newest?: number;
}

const shownEntries = 50;

/**
 * `heirloom activity`: what happened to the account and in the family, by whom, the newest first.
 * JSON: `{entries: [{index, at, service, kind, actor, accountId?, familyId?, subjectId?, details}]}`
 */
export async function activityCommand(
  context: Context,
  { newest = shownEntries }: ActivityOptions,
): Promise<CommandResult> {
  return await withVault(context, async (vault) => {
    await vault.syncAlbums();
    const entries = await readActivity(vault.account, newest);
    const names = await namesOf(vault);
    const rowOf = (entry: AuditEntry) => [
      minuteText(entry.at),
      actorText(entry, names),
      auditText(entry),
      [entry.accountId === entry.actor.id ? undefined : entry.accountId, entry.subjectId]
        .map((id) => (id === undefined ? '' : (names.get(id) ?? '')))
        .filter(Boolean)
        .join(', '),
    ];
    return {
      document: { entries },
      lines: entries.length === 0 ? ['Nothing yet.'] : table(['when', 'who', 'what', ''], entries.map(rowOf)),
    };
  });
}

/** Of people, albums and devices by their ids, as this device knows them. */
async function namesOf(vault: Vault): Promise<Map<string, string>> {
  const names = new Map<string, string>();
  for (const person of await listMembers(vault))
    names.set(person.accountId, person.isYou ? 'you' : nameOf(person));
  for (const { albumId, name } of await vault.albums.list()) names.set(albumId, `album ${name}`);
  for (const { deviceId, name } of await listDevices(vault.account)) names.set(deviceId, name ?? deviceId);
  return names;
}

function actorText({ actor, service }: AuditEntry, names: ReadonlyMap<string, string>): string {
  if (actor.kind === 'service') return `the server (${service})`;
  if (actor.kind !== 'person') return actor.kind === 'support' ? 'support' : 'an operator';
  if (actor.id === undefined) return 'somebody unknown';
  return names.get(actor.id) ?? 'somebody who has left';
}
