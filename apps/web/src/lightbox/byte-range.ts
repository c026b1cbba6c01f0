const MiB = 1024 * 1024;

/** The most that is opened for one request of a player: a jump elsewhere then leaves little behind. */
export const rangeBytes = 4 * MiB;

export type RangeAnswer =
  | { status: 200 | 206; start: number; end: number }
  /** Nothing of the file lies there. */
  | { status: 416 };

/**
 * What to send for a `Range` header (RFC 9110, 14.2): `end` is exclusive. A part may be shorter than asked for, and whoever
 * wants more asks again. Several ranges at once, and what is no range, are answered by the whole.
 * @param header - null when there was none
 * @param size - of the file, in bytes
 */
export function answerRange(header: string | null, size: number, mostBytes = rangeBytes): RangeAnswer {
  const [, first = '', last = ''] = /^bytes=(\d*)-(\d*)$/.exec(header ?? '') ?? [];
  if (first === '' && last === '') return { status: 200, start: 0, end: size };
  const start = first === '' ? Math.max(0, size - Number(last)) : Number(first);
  const wanted = first === '' || last === '' ? size : Number(last) + 1;
  if (start >= size || wanted <= start) return { status: 416 };
  return { status: 206, start, end: Math.min(size, wanted, start + mostBytes) };
}
