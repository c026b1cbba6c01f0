import { limits, type InTrash } from '@heirloom/contracts';
import type { Prisma } from '../generated/client.ts';

/** Of photos that were not emptied from the trash: nothing shows the others. */
export const isShown = { photo: { emptiedAt: null } } satisfies Prisma.VersionWhereInput;

export const inTrashSince = (trashedAt: Date): InTrash => ({
  trashedAt,
  keptUntil: new Date(trashedAt.getTime() + limits.trashMs),
});
