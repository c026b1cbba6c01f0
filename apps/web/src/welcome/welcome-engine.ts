import type { EngineContext } from '../engine/engine-context.ts';

/** What a new person has done of what they begin with. */
export interface FirstSteps {
  hasPhotos: boolean;
  /** Somebody else is in the family or was invited; only its owner invites. */
  hasFamily: boolean;
  /** The person said that they want no more of it. */
  isPutAway: boolean;
}

const keptName = 'first-steps-put-away';
const everything = (feed: string) => IDBKeyRange.bound([feed], [feed, []]);

/** How far somebody has come who is new here. */
export const welcomeEngine = (context: EngineContext) => ({
  firstSteps: async (): Promise<FirstSteps> => {
    const { libraryId, log, account } = await context.vault();
    const { members, invites } = log.state;
    const isOwner = members.get(account.profile.accountId)?.role === 'owner';
    const isAwaited = [...invites.values()].some(({ state }) => state === 'open');
    return {
      hasPhotos: (await context.database.count('rows', everything(libraryId))) > 0,
      hasFamily: members.size > 1 || isAwaited || !isOwner,
      isPutAway: (await context.database.get('kept', keptName)) === true,
    };
  },
  putFirstStepsAway: async (): Promise<void> => {
    await context.database.put('kept', true, keptName);
    context.changed('family');
  },
});
