import { AppError, objectName, uploadId, type ObjectName, type UploadId } from '@heirloom/contracts';

/** Where objects lie: `objects/ab/cd/<64 hex>`, so that no folder grows too long to read at once. */
export const objectsFolder = 'objects';
/** Where stages lie. They may be lost at any time without harm. */
export const stagesFolder = 'tmp';
/** Where files are kept that had an object's name and were not the object. Nothing reads them, and they go only with the object. */
export const quarantineFolder = 'quarantine';
/** Says whose location this is. */
export const markerFile = 'location.json';

export interface ObjectPath {
  /** `objects/ab` */
  branch: string;
  /** `objects/ab/cd` */
  leaf: string;
  /** `objects/ab/cd/<64 hex>` */
  file: string;
}

/** Throws `bad-request` unless it is a name; nothing else may become a path. */
export function objectPath(name: ObjectName): ObjectPath {
  if (!objectName.safeParse(name).success) {
    throw new AppError('bad-request', { detail: 'The name of an object is 64 lower-case hex digits.' });
  }
  const branch = `${objectsFolder}/${name.slice(0, 2)}`;
  const leaf = `${branch}/${name.slice(2, 4)}`;
  return { branch, leaf, file: `${leaf}/${name}` };
}

/** Throws `bad-request` unless it is an upload's id. */
export function stagePath(upload: UploadId): string {
  const parsed = uploadId.safeParse(upload);
  if (!parsed.success) throw new AppError('bad-request', { detail: 'The id of an upload is a UUID.' });
  return `${stagesFolder}/${parsed.data}`;
}

/** Files of a `put` and of a probe have a kind before their id; all are swept when they are old. */
export const temporaryPath = (kind: 'put' | 'probe' | 'marker', id: string): string =>
  `${stagesFolder}/${kind}-${id}`;
/** Where a file goes that is not the object it is named after. `id` makes it unique. */
export const quarantinePath = (name: ObjectName, id: string): string => `${quarantineFolder}/${name}.${id}`;
export const isStageName = (name: string): boolean =>
  /^(put-|probe-|marker-)?[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(name);

/** A bound of a slice as a path below `objects/`, where it sorts like the objects that begin with it. */
export function boundPath(prefix: string): string {
  if (!/^[0-9a-f]{0,64}$/.test(prefix)) {
    throw new AppError('bad-request', { detail: 'A slice is bounded by the first hex digits of a name.' });
  }
  if (prefix.length <= 2) return prefix;
  if (prefix.length <= 4) return `${prefix.slice(0, 2)}/${prefix.slice(2)}`;
  return `${prefix.slice(0, 2)}/${prefix.slice(2, 4)}/${prefix}`;
}

/** Where an object lies in a directory location, relative to its root. Throws `bad-request`. */
export const objectFile = (name: ObjectName): string => objectPath(name).file;
