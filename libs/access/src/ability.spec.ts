import { describe, expect, it } from '@jest/globals';
import type { Ability } from '@casl/ability';
import { accessibleBy, type PrismaQueryFactory, type PrismaTypeMap } from '@casl/prisma/runtime';
import {
  actions,
  albumRole,
  familyRole,
  newId,
  subjects,
  type AccountId,
  type ActionName,
  type AlbumId,
  type AlbumRole,
  type FamilyId,
  type FamilyRole,
  type LibraryId,
  type Standing,
  type SubjectName,
} from '@heirloom/contracts';
import { abilityFor, rowOf, standingAlone, type FamilyAbility } from './ability.ts';
import { accessTable } from './table.ts';

const me = newId<AccountId>();
const other = newId<AccountId>();
const familyId = newId<FamilyId>();
const libraryId = newId<LibraryId>();
const albums = Object.fromEntries(albumRole.options.map((role) => [role, newId<AlbumId>()])) as Record<
  AlbumRole,
  AlbumId
>;

const member = (role: FamilyRole): Standing => ({
  accountId: me,
  family: { familyId, role },
  libraryId,
  albums: albumRole.options.map((r) => ({ albumId: albums[r], role: r, epoch: 1, rotationDue: false })),
});

/** Every action that the ability allows on a row, in the order of `actions`. */
const allowed = (ability: FamilyAbility, subject: (typeof subjects)[number], row: object) =>
  actions.filter((action) => ability.can(action, rowOf(subject, row))).join(' ');

describe('a person without a family', () => {
  const ability = abilityFor(standingAlone(me));

  it('has their own account and devices', () => {
    expect(allowed(ability, 'Account', { accountId: me })).toBe('read update delete');
    expect(allowed(ability, 'Device', { accountId: me })).toBe('read update delete');
    expect(allowed(ability, 'Device', { accountId: other })).toBe('');
  });

  it('has nothing else, of no row and of no kind', () => {
    for (const subject of subjects.filter((name) => name !== 'Account' && name !== 'Device'))
      for (const action of actions)
        expect([subject, action, ability.can(action, subject)]).toEqual([subject, action, false]);
  });
});

describe('deny by default', () => {
  it('refuses a row that carries none of the fields that decide', () => {
    for (const role of familyRole.options)
      for (const subject of subjects)
        expect(allowed(abilityFor(member(role)), subject, { name: 'x' })).toBe('');
  });

  it('refuses rows of another account, family, library or album', () => {
    const foreign = {
      accountId: other,
      familyId: newId(),
      libraryId: newId(),
      albumId: newId(),
      audience: 'family',
      items: [{ albumId: newId(), removed: false }],
    };
    for (const role of familyRole.options)
      for (const subject of subjects)
        expect([subject, allowed(abilityFor(member(role)), subject, foreign)]).toEqual([subject, '']);
  });

  it('allows a kind of things only where a line of the table does', () => {
    for (const role of familyRole.options)
      for (const subject of subjects)
        for (const action of actions) {
          const inTable = accessTable.some(
            (line) =>
              line.subject === subject &&
              line.actions.includes(action) &&
              (line.family === 'anyone' || line.family.includes(role)),
          );
          expect([role, action, subject, abilityFor(member(role)).can(action, subject)]).toEqual([
            role,
            action,
            subject,
            inTable,
          ]);
        }
  });
});

describe('the family', () => {
  const family = { familyId };
  const entry = { familyId, accountId: me };

  it.each([
    ['owner', 'read update delete share', 'create read'],
    ['adult', 'read', 'create read'],
    ['child', 'read', 'create read'],
    ['viewer', 'read', 'create read'],
  ] as const)('%s', (role, onFamily, onOwnEntry) => {
    const ability = abilityFor(member(role));
    expect(allowed(ability, 'Family', family)).toBe(onFamily);
    expect(allowed(ability, 'FamilyLog', entry)).toBe(onOwnEntry);
    expect(allowed(ability, 'FamilyLog', { familyId, accountId: other })).toBe('read');
  });
});

describe('who is in the family, and who may come', () => {
  const stranger = { familyId: newId<FamilyId>(), accountId: other };

  it.each([
    ['owner', 'read update delete', 'read delete', 'create read delete'],
    ['adult', 'read update delete', 'read', ''],
    ['child', 'read update delete', 'read', ''],
    ['viewer', 'read update delete', 'read', ''],
  ] as const)('%s', (role, onOneself, onOthers, onInvite) => {
    const ability = abilityFor(member(role));
    expect(allowed(ability, 'Member', { familyId, accountId: me })).toBe(onOneself);
    expect(allowed(ability, 'Member', { familyId, accountId: other })).toBe(onOthers);
    expect(allowed(ability, 'Member', stranger)).toBe('');
    expect(allowed(ability, 'Invite', { familyId })).toBe(onInvite);
    expect(allowed(ability, 'Invite', stranger)).toBe('');
  });
});

describe('the own library', () => {
  const row = { libraryId };

  it.each([
    ['owner', 'read update verify', 'create read update delete', 'create read update delete'],
    ['adult', 'read update verify', 'create read update delete', 'create read update delete'],
    ['child', 'read update verify', 'create read update', 'create read update delete'],
    ['viewer', 'read verify', 'read', ''],
  ] as const)('%s', (role, onLibrary, onPhoto, onUpload) => {
    const ability = abilityFor(member(role));
    expect(allowed(ability, 'Library', row)).toBe(onLibrary);
    expect(allowed(ability, 'Photo', row)).toBe(onPhoto);
    expect(allowed(ability, 'Version', row)).toBe(onPhoto);
    expect(allowed(ability, 'Upload', { accountId: me })).toBe(onUpload);
    expect(allowed(ability, 'Upload', { accountId: other })).toBe('');
  });

  it('is nobody’s when the person has none', () => {
    const ability = abilityFor({ ...member('owner'), libraryId: null });
    expect(allowed(ability, 'Photo', { libraryId: null })).toBe('');
    expect(ability.can('create', 'Photo')).toBe(false);
  });
});

describe('albums', () => {
  it.each([
    ['owner', 'manager', 'read update delete share', 'create read update delete'],
    ['owner', 'contributor', 'read', 'create read'],
    ['owner', 'viewer', 'read', 'read'],
    ['adult', 'manager', 'read update delete share', 'create read update delete'],
    ['child', 'manager', 'read update delete', 'create read update delete'],
    ['child', 'contributor', 'read', 'create read'],
    ['viewer', 'manager', 'read', 'read'],
    ['viewer', 'contributor', 'read', 'read'],
  ] as const)('%s as %s', (role, albumAs, onAlbum, onItem) => {
    const ability = abilityFor(member(role));
    const albumId = albums[albumAs];
    expect(allowed(ability, 'Album', { albumId, audience: 'outside' })).toBe(onAlbum);
    expect(allowed(ability, 'AlbumItem', { albumId })).toBe(onItem);
  });

  it('a child shares within the family and not outside', () => {
    const ability = abilityFor(member('child'));
    const share = (audience: string, albumId = albums.manager) =>
      ability.can('share', rowOf('Album', { albumId, audience }));
    expect(share('family')).toBe(true);
    expect(share('outside')).toBe(false);
    expect(share('family', albums.contributor)).toBe(false);
  });

  it('show the photos in them and not those that were taken out', () => {
    const ability = abilityFor(member('viewer'));
    const photo = (removed: boolean) => ({
      libraryId: newId<LibraryId>(),
      items: [
        { albumId: newId<AlbumId>(), removed: false },
        { albumId: albums.viewer, removed },
      ],
    });
    expect(allowed(ability, 'Photo', photo(false))).toBe('read');
    expect(allowed(ability, 'Version', photo(false))).toBe('read');
    expect(allowed(ability, 'Version', photo(true))).toBe('');
  });

  it('are made by everyone but viewers, in the own family', () => {
    const makes = (role: FamilyRole, row = { familyId, albumId: newId<AlbumId>() }) =>
      abilityFor(member(role)).can('create', rowOf('Album', row));
    expect(familyRole.options.filter((role) => makes(role))).toEqual(['owner', 'adult', 'child']);
    expect(makes('owner', { familyId: newId<FamilyId>(), albumId: newId<AlbumId>() })).toBe(false);
  });

  it('may be listed by a member who has none', () => {
    const ability = abilityFor({ ...member('viewer'), albums: [] });
    expect(ability.can('read', 'Album')).toBe(true);
    expect(ability.can('create', 'AlbumItem')).toBe(false);
    expect(allowed(ability, 'Album', { albumId: albums.viewer })).toBe('');
  });
});

/** As a service writes it, with its own Prisma.TypeMap. */
type AsPrisma = Ability<[ActionName, SubjectName], PrismaQueryFactory<PrismaTypeMap<SubjectName>>>;

describe('as a database filter', () => {
  const where = (ability: FamilyAbility, action: ActionName, subject: SubjectName): unknown =>
    accessibleBy(ability as unknown as AsPrisma, action).ofType(subject);

  it('accessibleBy hands the same conditions to Prisma', () => {
    const ability = abilityFor({ ...member('adult'), albums: member('adult').albums.slice(0, 2) });
    const ids = [albums.manager, albums.contributor];
    expect(where(ability, 'read', 'Version')).toEqual({
      OR: [{ items: { some: { albumId: { in: ids }, removed: false } } }, { libraryId }],
    });
    expect(where(ability, 'update', 'Upload')).toEqual({ OR: [{ accountId: me }] });
    expect(where(ability, 'delete', 'AlbumItem')).toEqual({
      OR: [{ albumId: { in: [albums.manager] } }],
    });
    expect(where(ability, 'read', 'Device')).toEqual({ OR: [{ accountId: me }] });
  });

  it('what is refused matches no row', () => {
    expect(where(abilityFor(standingAlone(me)), 'read', 'Photo')).toEqual({ OR: [] });
  });
});
