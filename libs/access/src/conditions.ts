type Scalar = string | number | boolean | null;

/**
 * What a row must hold, in the words of a Prisma `where`, so that `accessibleBy` of @casl/prisma hands it to the
 * database as it stands: equality, `in`, and `some` of a relation. Nothing else is understood, and a field that the
 * row does not carry matches nothing.
 */
export interface RowConditions {
  readonly [field: string]: Scalar | { readonly in: readonly string[] } | { readonly some: RowConditions };
}

type Row = Readonly<Record<string, unknown>>;

const isRow = (value: unknown): value is Row => typeof value === 'object' && value !== null;

/** Whether a row in memory meets the conditions: the same answer that the database gives. */
export function matches(conditions: RowConditions, row: Row): boolean {
  return Object.entries(conditions).every(([field, wanted]) => {
    const value = row[field];
    if (!isRow(wanted)) return value === wanted;
    if ('in' in wanted) return typeof value === 'string' && wanted.in.includes(value);
    return Array.isArray(value) && value.some((related) => isRow(related) && matches(wanted.some, related));
  });
}
