import { z } from 'zod';
import { can } from '../base/access.ts';
import { cursor, epoch, queryInt, sealedName, sealedToPublicKey } from '../base/codecs.ts';
import { albumId, familyId, libraryId } from '../base/ids.ts';
import { limits } from '../base/limits.ts';
import { route } from '../base/route.ts';
import { checkpoint, collection, familyRole, logEntries, logEntry, merkleHash } from './schemas.ts';

const family = { service: 'sharing-policy' } as const;
const maxIndex = 2 ** 40;

export const familyRoutes = {
  /**
   * A family of one. `entries` are, in order: family-created, the owner's grant of the family key, and one
   * device-added for each device so far, each signed by the owner's identity. Repeating it answers alike.
   */
  create: route({
    ...family,
    id: 'family.create',
    method: 'POST',
    path: '/api/family/families',
    access: 'person',
    body: z.object({ familyId, libraryId, entries: logEntries, sealedKey: sealedToPublicKey }),
    output: z.object({ checkpoint }),
    status: 201,
  }),
  /** 404 `no-family` for an account without one. */
  mine: route({
    ...family,
    id: 'family.read',
    method: 'GET',
    path: '/api/family/mine',
    access: 'person',
    output: z.object({ familyId, libraryId, role: familyRole, checkpoint }),
  }),
  /** Entries from `from` on; none when the log ends before. A page may be shorter than `limit`: the checkpoint tells the log's size. */
  log: route({
    ...family,
    id: 'family.log.read',
    method: 'GET',
    path: '/api/family/log',
    access: can('read', 'FamilyLog'),
    query: z.object({
      from: queryInt({ min: 0, max: maxIndex }),
      limit: queryInt({ min: 1, max: limits.logEntriesPerPage }),
    }),
    output: z.object({ entries: z.array(z.object({ index: z.int(), entry: logEntry })), checkpoint }),
  }),
  /** RFC 6962 §2.1.2 consistency proof between two tree sizes, 0 < from <= to <= size. */
  logProof: route({
    ...family,
    id: 'family.log.proof',
    method: 'GET',
    path: '/api/family/log/proof',
    access: can('read', 'FamilyLog'),
    query: z.object({ from: queryInt({ min: 1, max: maxIndex }), to: queryInt({ min: 1, max: maxIndex }) }),
    output: z.object({ hashes: z.array(merkleHash).max(64) }),
  }),
  /** Entries that stand alone: device-added and device-revoked of the caller. 409 `log-conflict` when the log has moved on. */
  appendLog: route({
    ...family,
    id: 'family.log.append',
    method: 'POST',
    path: '/api/family/log',
    access: can('create', 'FamilyLog'),
    body: z.object({ entries: logEntries }),
    output: z.object({ checkpoint }),
    status: 201,
  }),
  /** `entries` are album-created and the creator's grant as manager. */
  createAlbum: route({
    ...family,
    id: 'family.albums.create',
    method: 'POST',
    path: '/api/family/albums',
    access: can('create', 'Album'),
    body: z.object({ albumId, sealedName, entries: logEntries, sealedKey: sealedToPublicKey }),
    output: z.object({ checkpoint }),
    status: 201,
  }),
  /** `sealedName` is sealed under the album's newest key. 409 `epoch-stale` when there is a newer one, or one is due. */
  renameAlbum: route({
    ...family,
    id: 'family.albums.rename',
    method: 'PATCH',
    path: '/api/family/albums/:albumId',
    access: can('update', 'Album'),
    params: z.object({ albumId }),
    body: z.object({ sealedName, epoch }),
  }),
  /** The account's feed of collections: a newly shared old album arrives whole. */
  collections: route({
    ...family,
    id: 'family.collections.list',
    method: 'GET',
    path: '/api/family/collections',
    access: can('read', 'Album'),
    query: z.object({ cursor: cursor.optional(), limit: queryInt({ min: 1, max: limits.feedItemsPerPage }) }),
    output: z.object({ collections: z.array(collection), cursor, more: z.boolean() }),
  }),
  /**
   * The key that this installation signs checkpoints with, as a C2SP note verifier key. Clients pin it at sign-up, and go
   * on to another one only by a handover (see formats), the oldest first.
   */
  logKey: route({
    ...family,
    id: 'family.log-key.read',
    method: 'GET',
    path: '/api/family/log-key',
    access: 'public',
    output: z.object({
      verifierKey: z.string().max(400),
      handovers: z.array(z.string().max(2000)).max(limits.logKeyHandovers),
    }),
  }),
};
