import {
  familyRoutes,
  inviteRoutes,
  limits,
  type Collection,
  type RouteContract,
  type RouteOutput,
  type SealedEpochKey,
} from '@heirloom/contracts';
import type { Bytes } from './entries.ts';
import type { Lie, Truth } from './lying-server.ts';
import { sizeOf, type Notary } from './notary.ts';

/** Makes another log of the true one. */
export type Forgery = (entries: readonly Bytes[]) => readonly Bytes[] | Promise<readonly Bytes[]>;

const read = <R extends RouteContract>({ output }: R, answer: unknown) =>
  output.decode(answer as never) as RouteOutput<R>;
const write = <R extends RouteContract>({ output }: R, answer: RouteOutput<R>): unknown =>
  output.encode(answer as never);

const pageOf = (entries: readonly Bytes[], from: number) =>
  entries
    .map((entry, index) => ({ index, entry: new Uint8Array(entry) }))
    .slice(from, from + limits.logEntriesPerPage);

/** Shows members another log, under a head that fits it. */
export const showLog =
  (notary: Notary, forge: Forgery): Lie =>
  async (truth) => {
    const { checkpoint } = read(familyRoutes.log, truth.answer);
    const entries = await forge(await trueLog(truth));
    const from = Number(truth.url.searchParams.get('from'));
    return write(familyRoutes.log, {
      entries: pageOf(entries, from),
      checkpoint: await notary.headOf(entries, checkpoint),
    });
  };

/** Shows a change of the key of heads that this notary alone has signed. */
export const showHandover =
  (notary: Notary): Lie =>
  async ({ answer }) => {
    const { verifierKey } = read(familyRoutes.logKey, answer);
    return write(familyRoutes.logKey, {
      verifierKey,
      handovers: [await notary.unsignedHandover(verifierKey)],
    });
  };

/** Shows the true head, and none of the entries that the client has not seen. */
export const holdBack: Lie = (truth) => {
  const { checkpoint } = read(familyRoutes.log, truth.answer);
  return Promise.resolve(write(familyRoutes.log, { entries: [], checkpoint }));
};

async function trueLog(truth: Truth): Promise<Bytes[]> {
  const path = `${familyRoutes.log.path}?from=0&limit=${limits.logEntriesPerPage}`;
  const { entries, checkpoint } = read(familyRoutes.log, await truth.ask(path));
  if (entries.length !== sizeOf(checkpoint)) throw new Error('the log does not fit into a page');
  return entries.map(({ entry }) => entry);
}

export interface ShownInvitation {
  entries: readonly Bytes[];
  sealedKeys: readonly SealedEpochKey[];
}

export type InvitationForgery = (shown: ShownInvitation) => Promise<ShownInvitation>;

/** Shows whoever has an invite link another log or other keys, under a head that fits. */
export const showInvitation =
  (notary: Notary, forge: InvitationForgery): Lie =>
  async ({ answer, body, url, ask }) => {
    const { from } = body as { from: number };
    const whole = read(inviteRoutes.openInvite, await ask(url.pathname, { ...(body as object), from: 0 }));
    if (whole.entries.length !== sizeOf(whole.checkpoint))
      throw new Error('the log does not fit into a page');
    const { sealedKeys } = whole;
    const forged = await forge({ entries: whole.entries.map(({ entry }) => entry), sealedKeys });
    return write(inviteRoutes.openInvite, {
      ...read(inviteRoutes.openInvite, answer),
      entries: pageOf(forged.entries, from),
      checkpoint: await notary.headOf(forged.entries, whole.checkpoint),
      sealedKeys: [...forged.sealedKeys],
    });
  };

/** Shows rows among what the person has. @param make from all rows that the server ever gave them */
export const showCollections =
  (make: (all: Collection[]) => Collection[]): Lie =>
  async ({ answer, ask }) => {
    const path = `${familyRoutes.collections.path}?limit=${limits.feedItemsPerPage}`;
    const { collections: all } = read(familyRoutes.collections, await ask(path));
    const page = read(familyRoutes.collections, answer);
    return write(familyRoutes.collections, { ...page, collections: [...page.collections, ...make(all)] });
  };

/** The row of the album that was given last. */
export function newestAlbum(all: readonly Collection[]): Collection {
  const row = all.filter(({ kind, removed }) => kind === 'album' && !removed).at(-1);
  if (!row) throw new Error('there is no album');
  return row;
}
