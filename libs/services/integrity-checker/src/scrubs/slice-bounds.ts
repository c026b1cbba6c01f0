import { limits } from '@heirloom/contracts';

const prefix = (number: number): string => number.toString(16).padStart(2, '0');

/** The bounds of a slice as first digits of names: from the lower one, inclusive, to the upper one, exclusive. */
export function sliceBounds(number: number): { from: string; to?: string } {
  if (!Number.isInteger(number) || number < 0 || number >= limits.slicesPerLocation)
    throw new RangeError('no such slice');
  const from = number === 0 ? '' : prefix(number);
  return number + 1 === limits.slicesPerLocation ? { from } : { from, to: prefix(number + 1) };
}
