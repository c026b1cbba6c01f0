import type { ByteRange } from '@heirloom/blob-store';
import { AppError } from '@heirloom/contracts';

/**
 * What a `Range` header asks for (RFC 9110 §14.1.2, §14.2): one range of bytes within `sizeBytes`, or `undefined` for
 * the whole, also where the header is malformed, in other units, or names several ranges: all may be ignored.
 *
 * @throws AppError `range-not-satisfiable`
 */
export function parseRange(header: string | undefined, sizeBytes: number): ByteRange | undefined {
  const match = /^bytes=[ \t]*(\d{0,15})-(\d{0,15})[ \t]*$/i.exec(header ?? '');
  if (!match) return undefined;
  const [first, last] = [toNumber(match[1]), toNumber(match[2])];
  if (first === undefined) return last === undefined ? undefined : suffix(last, sizeBytes);
  if (last !== undefined && last < first) return undefined;
  if (first >= sizeBytes) throw new AppError('range-not-satisfiable');
  return { offset: first, length: Math.min(last ?? sizeBytes - 1, sizeBytes - 1) - first + 1 };
}

function suffix(length: number, sizeBytes: number): ByteRange {
  if (length === 0 || sizeBytes === 0) throw new AppError('range-not-satisfiable');
  const fits = Math.min(length, sizeBytes);
  return { offset: sizeBytes - fits, length: fits };
}

const toNumber = (digits: string | undefined): number | undefined => (digits ? Number(digits) : undefined);

/** `If-None-Match` and `If-Range` against an entity tag that never changes (RFC 9110 §8.8.3.2, weak comparison). */
export function namesTag(header: string | undefined, tag: string): boolean {
  if (header === undefined) return false;
  const tags = header.split(',').map((part) => part.trim().replace(/^W\//, ''));
  return tags.includes('*') || tags.includes(tag);
}
