/** What permissions speak of. Rows that queries filter by have the same name in the service's schema. */
export const subjects = [
  'Account',
  'Device',
  'Family',
  'FamilyLog',
  'Member',
  'Invite',
  'Library',
  'Album',
  'AlbumItem',
  'Photo',
  'Version',
  'Note',
  'Upload',
] as const;
export type SubjectName = (typeof subjects)[number];

export const actions = ['create', 'read', 'update', 'delete', 'share', 'verify'] as const;
export type ActionName = (typeof actions)[number];

/**
 * Who may call a route or send a message. `public` needs no token; `person` needs a valid access token and the
 * handler serves that person's own things only; a permission is checked against the person's ability; `operator`
 * needs the access token of an operator, `staff` that of an operator or of support: such tokens are refused
 * everywhere else but on `public` routes; `service` needs another service's credential and that service must be
 * among the message's callers.
 */
export type Access =
  | 'public'
  | 'person'
  | 'operator'
  | 'staff'
  | 'service'
  | { readonly action: ActionName; readonly subject: SubjectName };

/** Those who run an installation (operators) and those who help with its accounts (support). Neither reads anybody's photos. */
export const staffRoles = ['operator', 'support'] as const;
export type StaffRole = (typeof staffRoles)[number];

export const can = <A extends ActionName, S extends SubjectName>(action: A, subject: S) =>
  ({ action, subject }) as const;
