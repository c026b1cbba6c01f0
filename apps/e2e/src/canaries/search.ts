import { open, stat } from 'node:fs/promises';
import path from 'node:path';
import pg from 'pg';
import { filesBelow } from '../samples/samples.ts';
import type { Needle } from './encodings.ts';

export interface Finding {
  where: string;
  canary: string;
  encoding: string;
}

const windowBytes = 8 * 1024 * 1024;

/** Searches every file below a folder. Windows overlap, so a needle on a border is found. */
export async function searchFolder(folder: string, needles: readonly Needle[]): Promise<Finding[]> {
  const overlap = Math.max(...needles.map((needle) => needle.bytes.length));
  const findings: Finding[] = [];
  for (const file of await filesBelow(folder)) {
    const whole = path.join(folder, file);
    findings.push(...matches(Buffer.from(file), needles, `the name of ${file}`));
    const { size } = await stat(whole);
    await using handle = await open(whole, 'r');
    for (let at = 0; at < size; at += windowBytes - overlap) {
      const window = Buffer.alloc(Math.min(windowBytes, size - at));
      await handle.read(window, 0, window.length, at);
      findings.push(...matches(window, needles, file));
    }
  }
  return findings;
}

/** Searches every row of every table of a database: columns as text, and bytea as the bytes that they are. */
export async function searchDatabase(url: string, needles: readonly Needle[]): Promise<Finding[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { rows: tables } = await client.query<{ schema: string; name: string }>(
      `SELECT table_schema AS schema, table_name AS name FROM information_schema.tables
       WHERE table_type = 'BASE TABLE' AND table_schema NOT IN ('pg_catalog', 'information_schema')`,
    );
    const findings: Finding[] = [];
    for (const { schema, name } of tables) {
      const table = `${pg.escapeIdentifier(schema)}.${pg.escapeIdentifier(name)}`;
      const { rows } = await client.query<Record<string, unknown>>(`SELECT * FROM ${table}`);
      for (const row of rows) {
        for (const [column, value] of Object.entries(row)) {
          const bytes = Buffer.isBuffer(value)
            ? value
            : Buffer.from(typeof value === 'string' ? value : (JSON.stringify(value) ?? ''));
          findings.push(...matches(bytes, needles, `${schema}.${name}.${column}`));
        }
      }
    }
    return findings;
  } finally {
    await client.end();
  }
}

/** Searches some bytes; `where` says whose they are. */
export function matches(haystack: Buffer, needles: readonly Needle[], where: string): Finding[] {
  return needles
    .filter((needle) => haystack.includes(needle.bytes))
    .map(({ canary, encoding }) => ({ where, canary, encoding }));
}
