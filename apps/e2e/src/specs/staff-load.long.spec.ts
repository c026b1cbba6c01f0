import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { noteAskedQueries, queriesOf, type AskedQuery } from '../staff-load/asked-queries.ts';
import { fullSize } from '../staff-load/fill.ts';
import { planOf, tableSizes } from '../staff-load/plans.ts';
import { probes } from '../staff-load/probes.ts';
import { staffRoutes, startStaffHome, type StaffHome } from '../staff-load/staff-home.ts';

/** A table of so few rows may be read from one end to the other. */
const smallTable = 1_000;
const rowsByDefault = 2_000;
/** Jobs have a database of their own, which holds those that wait and the last that ran. */
const isOfService = ({ schema }: AskedQuery) => schema !== 'bullmq';
/** What never ends has no cost by itself. */
const endless = new Set(['integrity.events.read']);
const measured = staffRoutes
  .filter(({ id }) => !endless.has(id))
  .sort((a, b) => Number(probes[a.id]?.last ?? false) - Number(probes[b.id]?.last ?? false));

describe('with 10,000 accounts, 1,000,000 photos and 3,000,000 copies', () => {
  let home: StaffHome;
  let sizes: Map<string, number>;
  beforeAll(async () => {
    noteAskedQueries();
    home = await startStaffHome(fullSize);
    sizes = await tableSizes(home.databaseUrl);
  }, 1_200_000);
  afterAll(async () => {
    await home?.[Symbol.asyncDispose]();
  });

  it('there is as much as that', () => {
    expect(sizes.get('auth.accounts')).toBeGreaterThanOrEqual(10_000);
    expect(sizes.get('vault.photos')).toBeGreaterThan(990_000);
    expect(sizes.get('vault.replicas')).toBeGreaterThan(2_900_000);
  });

  it('every route of staff has its bounds', () => {
    expect(measured.map(({ id }) => id).filter((id) => !(id in probes))).toEqual([]);
    expect(Object.keys(probes).filter((id) => !measured.some((route) => route.id === id))).toEqual([]);
  });

  it.each(measured.map((route) => [route.id, route] as const))(
    '%s asks a bounded number of queries, and none reads a large table whole',
    async (id, route) => {
      const probe = probes[id];
      if (!probe) throw new Error(`${id} has no probe`);
      const { status, text } = await home.ask(route, probe, id);
      expect({ status, text: status === (probe.status ?? route.status) ? '' : text }).toEqual({
        status: probe.status ?? route.status,
        text: '',
      });
      const queries = queriesOf(id);
      expect(queries.length <= probe.queries ? [] : queries.map(({ sql }) => sql)).toEqual([]);
      for (const query of sampleOf(queries.filter(isOfService)))
        await expectCheap(query, probe.rows ?? rowsByDefault);
    },
    120_000,
  );

  /** Of many pages the first and the last tell whether each costs the same. */
  const sampleOf = (queries: readonly AskedQuery[]) =>
    queries.length > 200 ? [...queries.slice(0, 20), ...queries.slice(-20)] : queries;

  async function expectCheap(query: AskedQuery, rows: number): Promise<void> {
    const { scanned, rowsRead } = await planOf(home.databaseUrl, query);
    const large = scanned.filter((table) => (sizes.get(`${query.schema}.${table}`) ?? 0) > smallTable);
    expect({ sql: query.sql, large, rowsRead: Math.max(0, rowsRead - rows) }).toEqual({
      sql: query.sql,
      large: [],
      rowsRead: 0,
    });
  }
});
