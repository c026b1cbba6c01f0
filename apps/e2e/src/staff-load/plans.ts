import pg from 'pg';
import { z } from 'zod';
import type { AskedQuery } from './asked-queries.ts';

interface PlanNode {
  'Node Type': string;
  'Relation Name'?: string | undefined;
  'Actual Rows'?: number | undefined;
  'Actual Loops'?: number | undefined;
  'Rows Removed by Filter'?: number | undefined;
  'Rows Removed by Index Recheck'?: number | undefined;
  Plans?: PlanNode[] | undefined;
}
const planNode: z.ZodType<PlanNode> = z.lazy(() =>
  z.looseObject({
    'Node Type': z.string(),
    'Relation Name': z.string().optional(),
    'Actual Rows': z.number().optional(),
    'Actual Loops': z.number().optional(),
    'Rows Removed by Filter': z.number().optional(),
    'Rows Removed by Index Recheck': z.number().optional(),
    Plans: z.array(planNode).optional(),
  }),
);
const explained = z.array(z.object({ 'QUERY PLAN': z.array(z.object({ Plan: planNode })) }));

/** How a statement was carried out. */
export interface PlanFacts {
  /** Tables that were read from one end to the other. */
  scanned: string[];
  /** Rows that were looked at in tables and indexes, whether they were wanted or not. */
  rowsRead: number;
}

const reads = /^\s*(--.*\s+)*(SELECT|WITH(?![\s\S]*\b(INSERT|UPDATE|DELETE)\b))/i;

/** What reads is carried out once more, with the values it had; of what writes there is only the plan. */
export async function planOf(url: string, { sql, values, schema }: AskedQuery): Promise<PlanFacts> {
  const client = new pg.Client({ connectionString: url, options: `-c search_path=${schema}` });
  await client.connect();
  try {
    const { rows } = await client.query(`EXPLAIN (${reads.test(sql) ? 'ANALYZE, ' : ''}FORMAT JSON) ${sql}`, [
      ...values,
    ]);
    const facts: PlanFacts = { scanned: [], rowsRead: 0 };
    for (const { 'QUERY PLAN': plans } of explained.parse(rows))
      for (const { Plan } of plans) walk(Plan, facts);
    return facts;
  } finally {
    await client.end();
  }
}

function walk(node: PlanNode, facts: PlanFacts): void {
  const relation = node['Relation Name'];
  if (node['Node Type'] === 'Seq Scan' && relation !== undefined) facts.scanned.push(relation);
  // A bitmap of an index is looked up in its table, which counts.
  if (node['Node Type'].endsWith('Scan') && node['Node Type'] !== 'Bitmap Index Scan') {
    const each =
      (node['Actual Rows'] ?? 0) +
      (node['Rows Removed by Filter'] ?? 0) +
      (node['Rows Removed by Index Recheck'] ?? 0);
    facts.rowsRead += each * (node['Actual Loops'] ?? 1);
  }
  for (const child of node.Plans ?? []) walk(child, facts);
}

/** How many rows each table has, as Postgres estimated it last, by `schema.table`. */
export async function tableSizes(url: string): Promise<Map<string, number>> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query<{ name: string; rows: number }>(
      `SELECT n.nspname || '.' || c.relname AS name, c.reltuples::float8 AS rows
       FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind = 'r'`,
    );
    return new Map(rows.map(({ name, rows: count }) => [name, count]));
  } finally {
    await client.end();
  }
}
