export { sizeText } from '@heirloom/contracts';

/** `2026-11-23 05:30`, in UTC; empty for null. */
export const minuteText = (date: Date | null): string =>
  date?.toISOString().slice(0, 16).replace('T', ' ') ?? '';

/** `1 photo`, `3 photos`. */
export const count = (n: number, one: string, many = `${one}s`): string =>
  `${n.toLocaleString('en')} ${n === 1 ? one : many}`;

/**
 * Makes a text that somebody else chose safe to print: control characters and marks that turn the direction of writing
 * could otherwise change what a terminal shows.
 */
export const printable = (text: string): string =>
  text.toWellFormed().replace(/[\p{Cc}\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu, '�');

/** Lines of a table, its columns as wide as their widest cell. */
export function table(header: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const all = [header, ...rows].map((row) => row.map(printable));
  const widths = header.map((_, column) => Math.max(...all.map((row) => [...(row[column] ?? '')].length)));
  return all.map((row) =>
    row
      .map((cell, column) => cell + ' '.repeat((widths[column] ?? 0) - [...cell].length))
      .join('  ')
      .trimEnd(),
  );
}
