import { AppError } from '@heirloom/contracts';
import type { LogEntry } from '@heirloom/formats';
import type { Transaction } from '../database.ts';
import { isEvent, mustAgree, type EventOf } from '../log/entries.ts';

/**
 * Applies entries that say which devices their author has.
 * @throws AppError `bad-request` for any other event, or one about somebody else's device; `conflict` for a device that
 * was added before, or one to be revoked that is not there
 */
export async function applyDeviceEvents(tx: Transaction, entries: readonly LogEntry[]): Promise<void> {
  for (const { event, ...entry } of entries) {
    if (isEvent('device-added', event)) await add(tx, entry, event);
    else if (isEvent('device-revoked', event)) await revoke(tx, entry, event);
    else mustAgree(false, 'Only entries about devices can be added by themselves.');
  }
}

type Place = Omit<LogEntry, 'event'>;

function mustBeOwn({ author }: Place, { account }: EventOf<'device-added' | 'device-revoked'>): void {
  mustAgree(author === account, "An entry is about somebody else's device.");
}

async function add(tx: Transaction, place: Place, event: EventOf<'device-added'>): Promise<void> {
  mustBeOwn(place, event);
  const { family: familyId, author: accountId, index: addedIndex } = place;
  const { device: id, sign } = event;
  if (await tx.device.findUnique({ where: { familyId_id: { familyId, id } } }))
    throw new AppError('conflict', { detail: 'The family log knows this device already.' });
  await tx.device.create({ data: { familyId, id, accountId, publicKey: new Uint8Array(sign), addedIndex } });
}

async function revoke(tx: Transaction, place: Place, event: EventOf<'device-revoked'>): Promise<void> {
  mustBeOwn(place, event);
  const { count } = await tx.device.updateMany({
    where: { familyId: place.family, id: event.device, accountId: place.author, revokedIndex: null },
    data: { revokedIndex: place.index },
  });
  if (count === 0)
    throw new AppError('conflict', {
      detail: 'The family log knows no such device, or has revoked it already.',
    });
}
