import type { FamilyAbility, SubjectRow } from '@heirloom/access';
import { AppError, type ActionName } from '@heirloom/contracts';

/**
 * Checks the single thing that a handler is about to touch, made by `rowOf` of @heirloom/access.
 *
 * @throws AppError `forbidden` where the person may see it, `not-found` where they may not even do that
 */
export function throwUnlessCan(ability: FamilyAbility, action: ActionName, row: SubjectRow): void {
  if (ability.can(action, row)) return;
  throw new AppError(ability.can('read', row) ? 'forbidden' : 'not-found');
}

/** Who asks: a handler's context. */
interface Asking {
  ability(enough: (ability: FamilyAbility) => boolean): Promise<FamilyAbility>;
}

/**
 * The same by the context of a request or message: somebody is refused only by what was asked after it came.
 *
 * @throws AppError like {@link throwUnlessCan}, and where it cannot be decided
 */
export async function abilityTo(
  action: ActionName,
  row: SubjectRow,
  context: Asking,
): Promise<FamilyAbility> {
  const ability = await context.ability((known) => known.can(action, row));
  throwUnlessCan(ability, action, row);
  return ability;
}
