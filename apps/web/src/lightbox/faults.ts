const damage: readonly unknown[] = ['damaged', 'object-malformed'];

/** Whether an error means that what was read is not what was stored. */
export const isDamage = (error: unknown): boolean =>
  damage.includes((error as { code?: unknown } | null | undefined)?.code);
