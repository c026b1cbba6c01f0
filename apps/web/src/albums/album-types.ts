import type { AlbumRole, FamilyRole } from '@heirloom/contracts';
import type { Pictured } from '../media/thumbnail.tsx';

/** Why an album cannot be used: its newest key is held back, or its name was changed by somebody without its key. */
export type AlbumProblem = 'key-missing' | 'name-damaged';

/** An album as a list shows it. */
export interface AlbumCard {
  albumId: string;
  name: string;
  role: AlbumRole;
  /** The album that every member of the family has. */
  isVault: boolean;
  /** Somebody else made it. */
  isShared: boolean;
  /** Who made it, as the family knows them; null when that is not known here. */
  ownerName: string | null;
  /** How many people have it. */
  people: number;
  photos: number;
  cover: Pictured | null;
  /** Somebody lost it, and its next key is still to be made by somebody who may. */
  isRotationDue: boolean;
  problem: AlbumProblem | null;
}

/** Somebody of the family, and what they may do with an album; null when they do not have it. */
export interface AlbumPerson {
  accountId: string;
  /** Their name, else their address. */
  name: string | null;
  familyRole: FamilyRole;
  role: AlbumRole | null;
  isYou: boolean;
  isOwner: boolean;
}

export interface SharedResult {
  /** The server is still closing the last way by which somebody might store under an old key. */
  isFencing: boolean;
}
