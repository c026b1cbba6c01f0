import { changePassword, listMembers, readUsage } from '@heirloom/client';
import type { OwnUsage } from '@heirloom/contracts';
import type { EngineContext } from '../engine/engine-context.ts';

export interface Storage {
  /** Sealed pictures that are kept here so that they show at once, in bytes. */
  cachedBytes: number;
  /** All that the browser keeps of Heirloom, and may keep at most; null where it does not say. */
  usedBytes: number | null;
  quotaBytes: number | null;
}

/** What a person sets about their account and this browser. */
export const settingsEngine = (context: EngineContext) => ({
  ownName: async (): Promise<string> => {
    const vault = await context.vault();
    const members = await context.online(() => listMembers(vault));
    return members.find(({ isYou }) => isYou)?.name ?? vault.account.profile.name ?? '';
  },
  /** @throws AppError `password-wrong`, `bad-request` for one that is too short */
  changePassword: async (current: string, next: string): Promise<void> => {
    const account = await context.account();
    await context.online(() => changePassword(account, { current, next }));
    await context.profile.changePassword(current, next);
    context.changed('notices');
  },
  /** What the vault keeps of this person, by the server's word. */
  usage: async (): Promise<OwnUsage> => {
    const account = await context.account();
    return context.online(() => readUsage(account));
  },
  storage: async (): Promise<Storage> => {
    let cachedBytes = 0;
    const used = context.database.transaction('parts').store.index('used');
    for (let at = await used.openKeyCursor(); at; at = await at.continue()) cachedBytes += at.key[1];
    const estimate = await navigator.storage?.estimate?.();
    return { cachedBytes, usedBytes: estimate?.usage ?? null, quotaBytes: estimate?.quota ?? null };
  },
  forgetPictures: async (): Promise<void> => {
    await context.database.clear('parts');
    context.changed('safety');
  },
});
