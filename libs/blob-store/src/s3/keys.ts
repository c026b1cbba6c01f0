import type { ObjectName, UploadId } from '@heirloom/contracts';
import { objectPath, stagePath } from '../files/paths.ts';

/** Keys are the paths of a directory location, so that a bucket copied to a disk is one. */

/** Throws `bad-request` unless it is a name. */
export const objectKey = (name: ObjectName): string => objectPath(name).file;

/** `tmp/<id>/`: what a stage is made of. Throws `bad-request` unless it is an upload's id. */
export const stagePrefix = (upload: UploadId): string => `${stagePath(upload)}/`;

/** Says that there is a stage, also while nothing is staged. */
export const stageMark = (prefix: string): string => `${prefix}stage`;

/** Bytes of a stage: `<offset>-<length>`, both as 12 decimal digits, so that they sort by offset. */
export const segmentKey = (prefix: string, offset: number, length: number): string =>
  `${prefix}${digits(offset)}-${digits(length)}`;

/** Where a segment begins and how long it is; undefined for another key. */
export function parseSegment(prefix: string, key: string): { offset: number; length: number } | undefined {
  const match = /^(\d{12})-(\d{12})$/.exec(key.slice(prefix.length));
  return match ? { offset: Number(match[1]), length: Number(match[2]) } : undefined;
}

const digits = (count: number): string => String(count).padStart(12, '0');
