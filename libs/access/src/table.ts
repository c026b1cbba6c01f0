import type { ActionName, AlbumRole, FamilyRole, SubjectName } from '@heirloom/contracts';

/**
 * Which rows a permission reaches. Rows carry these fields in every service:
 * - `own-account`: `accountId` is the person's;
 * - `own-family`: `familyId` is the person's family;
 * - `own-entries`: `familyId` is the person's family and `accountId`, the entry's author, is the person;
 * - `own-library`: `libraryId` is the person's library;
 * - `albums`: `albumId` is one of the person's albums;
 * - `albums-within-family`: the same, and `audience`, whom the album is to be shared with, is `family`;
 * - `in-albums`: one of the row's `items` lies in one of the person's albums and is not `removed`.
 */
export const scopes = [
  'own-account',
  'own-family',
  'own-entries',
  'own-library',
  'albums',
  'albums-within-family',
  'in-albums',
] as const;
export type Scope = (typeof scopes)[number];

/**
 * One line of the table. Each of `family` may do each of `actions` to the rows of `subject` that `scope` reaches.
 * `anyone` needs an account and nothing more. With `album`, only the albums count in which the person has one of
 * these roles: both roles must allow it, so that a viewer of the family stays one in every album.
 */
export interface Permission {
  readonly family: 'anyone' | readonly FamilyRole[];
  readonly album?: readonly AlbumRole[];
  readonly actions: readonly ActionName[];
  readonly subject: SubjectName;
  readonly scope: Scope;
}

const members = ['owner', 'adult', 'child', 'viewer'] as const;
const makers = ['owner', 'adult', 'child'] as const;
/** Everyone but the owner: they may leave. */
const leavers = ['adult', 'child', 'viewer'] as const;
const grownUps = ['owner', 'adult'] as const;
const adding = ['manager', 'contributor'] as const;

/** Who may do what. What is not here is refused. */
export const accessTable: readonly Permission[] = [
  { family: 'anyone', actions: ['read', 'update', 'delete'], subject: 'Account', scope: 'own-account' },
  { family: 'anyone', actions: ['read', 'update', 'delete'], subject: 'Device', scope: 'own-account' },

  { family: members, actions: ['read'], subject: 'Family', scope: 'own-family' },
  { family: ['owner'], actions: ['update', 'share', 'delete'], subject: 'Family', scope: 'own-family' },
  { family: members, actions: ['read'], subject: 'FamilyLog', scope: 'own-family' },
  { family: members, actions: ['create'], subject: 'FamilyLog', scope: 'own-entries' },
  { family: members, actions: ['read'], subject: 'Member', scope: 'own-family' },
  { family: members, actions: ['update'], subject: 'Member', scope: 'own-account' },
  { family: ['owner'], actions: ['delete'], subject: 'Member', scope: 'own-family' },
  { family: leavers, actions: ['delete'], subject: 'Member', scope: 'own-account' },
  { family: ['owner'], actions: ['create', 'read', 'delete'], subject: 'Invite', scope: 'own-family' },

  { family: members, actions: ['read', 'verify'], subject: 'Library', scope: 'own-library' },
  { family: makers, actions: ['update'], subject: 'Library', scope: 'own-library' },
  { family: members, actions: ['read'], subject: 'Photo', scope: 'own-library' },
  { family: members, actions: ['read'], subject: 'Version', scope: 'own-library' },
  { family: makers, actions: ['create', 'update'], subject: 'Photo', scope: 'own-library' },
  { family: makers, actions: ['create', 'update'], subject: 'Version', scope: 'own-library' },
  { family: grownUps, actions: ['delete'], subject: 'Photo', scope: 'own-library' },
  { family: grownUps, actions: ['delete'], subject: 'Version', scope: 'own-library' },
  {
    family: makers,
    actions: ['create', 'read', 'update', 'delete'],
    subject: 'Upload',
    scope: 'own-account',
  },

  // A viewer has favourites too: their notes lie in their own library, whoever owns the photo.
  { family: members, actions: ['read', 'update'], subject: 'Note', scope: 'own-library' },

  { family: makers, actions: ['create'], subject: 'Album', scope: 'own-family' },
  { family: members, actions: ['read'], subject: 'Album', scope: 'albums' },
  { family: members, actions: ['read'], subject: 'AlbumItem', scope: 'albums' },
  { family: members, actions: ['read'], subject: 'Photo', scope: 'in-albums' },
  { family: members, actions: ['read'], subject: 'Version', scope: 'in-albums' },
  { family: makers, album: adding, actions: ['create'], subject: 'AlbumItem', scope: 'albums' },
  {
    family: makers,
    album: ['manager'],
    actions: ['update', 'delete'],
    subject: 'AlbumItem',
    scope: 'albums',
  },
  { family: makers, album: ['manager'], actions: ['update', 'delete'], subject: 'Album', scope: 'albums' },
  { family: grownUps, album: ['manager'], actions: ['share'], subject: 'Album', scope: 'albums' },
  {
    family: ['child'],
    album: ['manager'],
    actions: ['share'],
    subject: 'Album',
    scope: 'albums-within-family',
  },
];
