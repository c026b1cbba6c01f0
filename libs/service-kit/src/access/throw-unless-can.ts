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
