export { abilityFor, rowOf, standingAlone, type FamilyAbility, type SubjectRow } from './ability.ts';
export { matches, type RowConditions } from './conditions.ts';
export { accessTable, scopes, type Permission, type Scope } from './table.ts';
