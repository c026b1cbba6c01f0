import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { z } from 'zod';

const root = join(import.meta.dirname, '../..');
const read = (path: string) => readFileSync(join(root, path), 'utf8');

const rule = z.object({
  alert: z.string(),
  expr: z.string(),
  labels: z.strictObject({ severity: z.enum(['warning', 'critical']) }),
  annotations: z.strictObject({ summary: z.string(), runbook: z.string() }),
});
const groups = z.array(z.object({ name: z.string(), rules: z.array(rule).min(1) })).min(1);
const plain = z.object({ groups }).parse(parse(read('docker/monitoring/rules.yaml')));
const rules = plain.groups.flatMap((group) => group.rules);

/** As the pages of a repository make it of a heading. */
const anchorOf = (heading: string) =>
  heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
    .replaceAll(' ', '-');

describe('alert rules', () => {
  it('are the same for Prometheus and for its operator', () => {
    const manifest = parse(read('k8s/components/monitoring/rules.yaml')) as { spec: unknown };
    expect(manifest.spec).toEqual(parse(read('docker/monitoring/rules.yaml')));
  });

  it('each have a name of their own, a sentence, and an entry in the runbook', () => {
    expect(new Set(rules.map(({ alert }) => alert)).size).toBe(rules.length);
    const runbook = read('docs/operations/runbook.md');
    const anchors = [...runbook.matchAll(/^## (.+)$/gm)].map(([, heading]) => anchorOf(heading!));
    for (const { alert, annotations } of rules) {
      const [page, anchor] = annotations.runbook.split('#');
      expect({ alert, page, hasEntry: anchors.includes(anchor!) }).toEqual({
        alert,
        page: 'docs/operations/runbook.md',
        hasEntry: true,
      });
      expect(annotations.summary).toMatch(/\.$/);
      // Whoever is woken up looks for the name that woke them.
      expect(runbook).toContain(`\`${alert}\``);
    }
  });

  it('are all that the runbook speaks of', () => {
    const named = read('docs/operations/runbook.md').match(/`Heirloom[A-Z]\w+`/g) ?? [];
    const known = rules.map(({ alert }) => `\`${alert}\``);
    expect(named.filter((name) => !known.includes(name))).toEqual([]);
  });
});

describe('the dashboard', () => {
  const target = z.object({ expr: z.string(), legendFormat: z.string() });
  const panel = z.object({
    id: z.int(),
    type: z.enum(['row', 'stat', 'timeseries']),
    title: z.string(),
    datasource: z.object({ uid: z.literal('${datasource}') }).optional(),
    targets: z.array(target).default([]),
    gridPos: z.object({ x: z.int(), y: z.int(), w: z.int(), h: z.int() }),
  });
  const dashboard = z
    .object({ title: z.string(), uid: z.string(), panels: z.array(panel).min(20) })
    .parse(JSON.parse(read('k8s/components/monitoring/dashboard.json')));

  it('asks whichever Prometheus is chosen, and has a question in each panel', () => {
    const panels = dashboard.panels.filter(({ type }) => type !== 'row');
    for (const { title, targets, datasource } of panels)
      expect({ title, asks: targets.length > 0 && datasource !== undefined }).toEqual({ title, asks: true });
    expect(new Set(dashboard.panels.map(({ id }) => id)).size).toBe(dashboard.panels.length);
  });

  it('lays no panel over another', () => {
    const cells = dashboard.panels.flatMap(({ gridPos: { x, y, w, h } }) =>
      Array.from({ length: w * h }, (_, i) => `${x + (i % w)} ${y + Math.floor(i / w)}`),
    );
    expect(new Set(cells).size).toBe(cells.length);
  });
});
