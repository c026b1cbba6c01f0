import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from '@jest/globals';

interface Told {
  code: number;
  out: string;
  err: string;
}
export type Heirloom = (...args: string[]) => Promise<Told>;

/** Everything that a text must not hold, beside what is asked for: it is added by whoever calls. */
const secretly = (entries: unknown, words: readonly string[]) => {
  const text = JSON.stringify(entries);
  for (const word of words) expect(text).not.toContain(word);
};

/** Until the trail has an act: it is collected every few seconds. */
async function untilListed(heirloom: Heirloom, kind: string): Promise<string> {
  for (const end = Date.now() + 60_000; Date.now() < end; await sleep(300)) {
    const { code, out, err } = await heirloom('admin', 'audit', 'list', '--kind', kind);
    if (code !== 0) throw new Error(err);
    if (!out.startsWith('The audit trail has no')) return out;
  }
  throw new Error(`the audit trail never had ${kind}`);
}

/** An operator and a person, both signed in, read the trail, export it, and find out what somebody did to the export. */
export async function auditTells(
  heirloom: Heirloom,
  folder: string,
  words: readonly string[],
): Promise<void> {
  expect(await untilListed(heirloom, 'staff-joined')).toMatch(/operator [0-9a-f-]{36} +became operator/);
  await untilListed(heirloom, 'quota-set');
  const activity = await heirloom('activity');
  expect(activity.out).toMatch(/you +created an account \(person\)/);
  expect(activity.out).toMatch(/an operator +set a quota of 200\.0 KiB/);
  expect(activity.out).not.toContain('became operator');
  expect((await heirloom('activity', '--newest', '1')).out.split('\n')).toHaveLength(2);
  expect((await heirloom('admin', 'audit', 'list', '--kind', 'potatoes')).err).toContain(
    '--kind must be one of: ',
  );
  expect((await heirloom('admin', 'audit', 'check')).out).toContain('The audit trail is whole.');

  const file = path.join(folder, 'trail.ndjson');
  const exported = await heirloom('admin', 'audit', 'export', file);
  expect(exported.out).toContain('The audit trail is whole.');
  expect(await heirloom('admin', 'audit', 'export', file)).toMatchObject({
    code: 1,
    err: `There is a file ${file} already. Name another one.`,
  });
  const text = await readFile(file, 'utf8');
  secretly(text, words);
  const key = /heirloom-audit\S+(?=\. Keep)/.exec(exported.err)![0];
  expect(await heirloom('admin', 'audit', 'check', file, '--key', key)).toMatchObject({ code: 0, err: '' });

  const other = path.join(folder, 'other.ndjson');
  const check = async (forged: string) => {
    await writeFile(other, forged);
    return heirloom('admin', 'audit', 'check', other);
  };
  const lines = text.trimEnd().split('\n');
  const at = lines.findIndex((line) => line.includes('"quota-set"'));
  const { index } = (JSON.parse(lines[at]!) as { entry: { index: number } }).entry;
  const changed = lines.with(at, lines[at]!.replace('"quota-set"', '"staff-removed"'));
  expect(await check(changed.join('\n'))).toMatchObject({
    code: 1,
    out: expect.stringContaining(`  Entry ${index} was changed.`),
  });
  expect((await check(lines.toSpliced(at, 1).join('\n'))).out).toContain(`Entry ${index} is missing`);
  expect((await check(lines.slice(0, at).join('\n'))).out).toMatch(/cut off/);
  expect((await check('{}')).err).toBe('This is not an export of an audit trail.');
}
