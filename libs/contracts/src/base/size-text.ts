const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'] as const;

/** `0 B`, `12.3 KiB`: for sentences of servers and programs, which are in English. */
export function sizeText(bytes: number): string {
  let value = bytes;
  let unit = 0;
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit += 1;
  }
  return `${unit === 0 ? value : value.toFixed(1)} ${units[unit]}`;
}

/** What {@link sizeText} writes, and a person: `500MiB`, `1.5 TiB`. Null for anything else. */
export function readSize(text: string): number | null {
  const [, amount, unit] = /^(\d{1,15}(?:\.\d{1,3})?) ?(B|KiB|MiB|GiB|TiB)$/.exec(text) ?? [];
  if (amount === undefined) return null;
  const bytes = Math.round(Number(amount) * 1024 ** units.indexOf(unit as (typeof units)[number]));
  return Number.isSafeInteger(bytes) ? bytes : null;
}
