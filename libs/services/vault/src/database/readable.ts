import { accessibleBy } from '@casl/prisma/runtime';
import type { FamilyAbility } from '@heirloom/access';
import type { Prisma } from '../generated/client.ts';

/** The `where` of what each model's rows can be restricted by. The models are named like the subjects of libs/access. */
interface Where {
  Upload: Prisma.UploadWhereInput;
  Photo: Prisma.PhotoWhereInput;
  Version: Prisma.VersionWhereInput;
  AlbumItem: Prisma.AlbumItemWhereInput;
}

// libs/access writes conditions in the words of Prisma, but cannot know the types that Prisma generates here.
type Accessible = (
  ability: FamilyAbility,
  action: 'read',
) => { ofType<M extends keyof Where>(model: M): Where[M] };
const accessible = accessibleBy as unknown as Accessible;

/** Restricts a query to the rows that the person may read. To stand first in an `AND`. */
export const readable = <M extends keyof Where>(ability: FamilyAbility, model: M): Where[M] =>
  accessible(ability, 'read').ofType(model);
