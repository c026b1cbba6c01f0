import type { FamilyPerson } from '@heirloom/client';

/** A person of the family in a JSON document: `{id, role, name, email, joinedAt, you}`. */
export const describePerson = ({ accountId, role, name, email, joinedAt, isYou }: FamilyPerson) => ({
  id: accountId,
  role,
  name,
  email,
  joinedAt,
  you: isYou,
});

/** What people call somebody. */
export const nameOf = ({ name, email, accountId }: FamilyPerson): string => name ?? email ?? accountId;

/** `Ada (ada@example.org)`: the name is the person's own word, the address the server's. */
export const fullNameOf = (person: FamilyPerson): string =>
  person.name !== null && person.email !== null ? `${person.name} (${person.email})` : nameOf(person);
