import { Ability, subject as tagged, type ForcedSubject, type RawRuleOf } from '@casl/ability';
import type { ActionName, AlbumRole, Standing, SubjectName } from '@heirloom/contracts';
import { matches, type RowConditions } from './conditions.ts';
import { accessTable, type Permission, type Scope } from './table.ts';

/** A row that knows of which kind it is; see {@link rowOf}. */
export type SubjectRow = Readonly<Record<string, unknown>> & ForcedSubject<SubjectName>;
/**
 * A service filters its rows by `accessibleBy` of @casl/prisma/runtime, which wants to know the service's models:
 * `accessibleBy(ability as unknown as Ability<[ActionName, SubjectName], PrismaQueryFactory<Prisma.TypeMap>>, 'read').ofType('Photo')`.
 */
export type FamilyAbility = Ability<[ActionName, SubjectName | SubjectRow], RowConditions>;

/** A person who belongs to no family (yet): only what is their own account's is theirs. */
export const standingAlone = (accountId: Standing['accountId']): Standing => ({
  accountId,
  family: null,
  libraryId: null,
  albums: [],
});

/** Names the kind of a plain row, to ask about that one: `ability.can('read', rowOf('Photo', photo))`. */
export const rowOf = <S extends SubjectName, R extends object>(
  name: S,
  row: R,
): R & ForcedSubject<S> & SubjectRow =>
  tagged(name, { ...row }) as unknown as R & ForcedSubject<S> & SubjectRow;

/**
 * What a person may do, by {@link accessTable}. Refuses everything that the table does not allow.
 *
 * Asked about a kind (`can('read', 'Album')`) it says whether there can be such a row at all; asked about a row it
 * decides about that row. A member without albums may read albums, of which there are none.
 */
export function abilityFor(standing: Standing): FamilyAbility {
  const rules = accessTable
    .filter((line) => concerns(line, standing))
    .flatMap((line) => rulesOf(line, standing));
  return new Ability<[ActionName, SubjectName | SubjectRow], RowConditions>(rules, {
    conditionsMatcher: (conditions) => (row: Readonly<Record<string, unknown>>) => matches(conditions, row),
  });
}

function concerns(line: Permission, { family }: Standing): boolean {
  return line.family === 'anyone' || (family !== null && line.family.includes(family.role));
}

function rulesOf(line: Permission, standing: Standing): RawRuleOf<FamilyAbility>[] {
  const conditions = conditionsOf(line.scope, standing, line.album);
  return conditions ? [{ action: [...line.actions], subject: line.subject, conditions }] : [];
}

/** @returns null where the scope is empty for good: no family, no library, no album in the role that it takes. */
function conditionsOf(scope: Scope, standing: Standing, roles?: readonly AlbumRole[]): RowConditions | null {
  const { accountId, family, libraryId } = standing;
  const albums = standing.albums.filter(({ role }) => !roles || roles.includes(role)).map((a) => a.albumId);
  if (roles && albums.length === 0) return null;
  switch (scope) {
    case 'own-account':
      return { accountId };
    case 'own-family':
      return family && { familyId: family.familyId };
    case 'own-entries':
      return family && { familyId: family.familyId, accountId };
    case 'own-library':
      return libraryId && { libraryId };
    case 'albums':
      return { albumId: { in: albums } };
    case 'albums-within-family':
      return { albumId: { in: albums }, audience: 'family' };
    case 'in-albums':
      return { items: { some: { albumId: { in: albums }, removed: false } } };
  }
}
