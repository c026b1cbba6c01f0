import type { KeptHead } from '@heirloom/client';
import type { FamilyId, UploadId, VersionId } from '@heirloom/contracts';
import { openDB, type DBSchema, type IDBPDatabase } from 'idb';
import type { StoredUpload } from '../uploads/queued-file.ts';

/** What this browser keeps. Names and contents in it are sealed under keys of the profile; ids, sizes and times are plain. */
export interface DeviceSchema extends DBSchema {
  /** Single things by name; see KeptThings. */
  kept: { key: string; value: unknown };
  positions: { key: string; value: { cursor: string | null; incarnation: string | null } };
  rows: {
    key: [feed: string, id: string];
    value: { feed: string; id: string; contentKey: Uint8Array<ArrayBuffer> | null; sealed: Uint8Array };
    indexes: { content: [feed: string, contentKey: Uint8Array<ArrayBuffer>] };
  };
  journal: {
    key: string;
    value: {
      versionId: VersionId;
      uploadId: UploadId;
      contentKey: Uint8Array<ArrayBuffer>;
      sealed: Uint8Array;
      beganAt: number;
    };
    indexes: { content: Uint8Array<ArrayBuffer> };
  };
  log: { key: number; value: Uint8Array };
  logHead: { key: 'head'; value: KeptHead & { family: FamilyId } };
  /** Ciphertext of small parts, by version and part. */
  parts: {
    key: string;
    value: { key: string; bytes: Uint8Array; size: number; usedAt: number };
    /** Sizes stand in the index too, so that they are added up without reading the parts. */
    indexes: { used: [usedAt: number, size: number] };
  };
  /** All rows of a feed in one sealed piece, as of some moment; see GallerySnapshots. */
  snapshots: {
    key: string;
    value: { feed: string; id: string; sealed: Uint8Array };
    indexes: { id: string };
  };
  /** Rows that changed since their feed's snapshot was made; `stamp` is another one with each change. */
  changes: { key: [feed: string, id: string]; value: { feed: string; id: string; stamp: string } };
  /** Files that wait to be stored, as the browser handed them over. */
  uploads: { key: string; value: StoredUpload; indexes: { order: [state: string, addedAt: number] } };
}

export type DeviceDatabase = IDBPDatabase<DeviceSchema>;

export const databaseName = 'heirloom';

/** Opens the database of this browser; a newer page in another tab may ask this one to let go of it. */
export async function openDeviceDatabase(onLost: () => void): Promise<DeviceDatabase> {
  const database = await openDB<DeviceSchema>(databaseName, 1, {
    upgrade: (fresh) => {
      fresh.createObjectStore('kept');
      fresh.createObjectStore('positions');
      fresh
        .createObjectStore('rows', { keyPath: ['feed', 'id'] })
        .createIndex('content', ['feed', 'contentKey']);
      fresh
        .createObjectStore('journal', { keyPath: 'versionId' })
        .createIndex('content', 'contentKey', { unique: true });
      fresh.createObjectStore('log');
      fresh.createObjectStore('logHead');
      fresh.createObjectStore('parts', { keyPath: 'key' }).createIndex('used', ['usedAt', 'size']);
      fresh.createObjectStore('snapshots', { keyPath: 'feed' }).createIndex('id', 'id');
      fresh.createObjectStore('changes', { keyPath: ['feed', 'id'] });
      fresh.createObjectStore('uploads', { keyPath: 'id' }).createIndex('order', ['state', 'addedAt']);
    },
    blocking: () => {
      database.close();
      onLost();
    },
    terminated: onLost,
  });
  return database;
}

const personal = [
  'kept',
  'positions',
  'rows',
  'journal',
  'log',
  'logHead',
  'parts',
  'snapshots',
  'changes',
  'uploads',
] as const;

/** Forgets everything of the person. */
export async function clearDeviceDatabase(database: DeviceDatabase): Promise<void> {
  const transaction = database.transaction(personal, 'readwrite', { durability: 'strict' });
  await Promise.all([...personal.map((name) => transaction.objectStore(name).clear()), transaction.done]);
}
