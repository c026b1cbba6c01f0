import { mkdtemp, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { allRoutes, newId, type RouteContract, type StaffRole } from '@heirloom/contracts';
import { startHome } from '@heirloom/home';
import { mintToken } from '../refusals/tokens.ts';
import { askedHeader } from './asked-queries.ts';
import { fillStaffData, madeId, type StaffDataSize } from './fill.ts';
import type { Probe } from './probes.ts';

export const staffRoutes: readonly RouteContract[] = allRoutes.filter(
  ({ access }) => access === 'operator' || access === 'staff',
);

export interface StaffHome extends AsyncDisposable {
  /** Of its database, as superuser. */
  readonly databaseUrl: string;
  /** Sends a probe's request; under a name, what it asks of Postgres is kept. */
  ask(
    route: RouteContract,
    probe: Probe,
    name?: string,
  ): Promise<{ status: number; text: string; ms: number }>;
}

/** An installation of all services in this process, with a great deal in its databases and nothing in its locations. */
export async function startStaffHome(
  size: StaffDataSize,
  tell: (line: string) => void = () => undefined,
): Promise<StaffHome> {
  await using started = new AsyncDisposableStack();
  const folder = await mkdtemp(path.join(os.tmpdir(), 'heirloom-staff-'));
  started.defer(() => rm(folder, { recursive: true, force: true }));
  const data = path.join(folder, 'data');
  const home = started.use(
    await startHome({
      HEIRLOOM_DATA: data,
      HEIRLOOM_PORT: '0',
      HEIRLOOM_LOG_LEVEL: 'fatal',
      // Nothing but what is asked for: a scrub would only find that there are no files.
      HEIRLOOM_INTEGRITY_CHECKER_SCRUB_INTERVAL_HOURS: '0',
    }),
  );
  const secret = async (name: string) => (await readFile(path.join(data, 'secrets', name), 'utf8')).trim();
  const [, , , port] = (await readFile(path.join(data, 'postgres/postmaster.pid'), 'utf8')).split('\n');
  const databaseUrl = `postgresql://postgres:${await secret('postgres-superuser')}@127.0.0.1:${port}/heirloom`;
  await fillStaffData(databaseUrl, size, tell);
  const seed = await secret('HEIRLOOM_AUTH_TOKEN_KEY');
  const tokenOf = (role: StaffRole) =>
    mintToken(seed, { accountId: madeId('staff', role === 'operator' ? 0 : 1), deviceId: newId(), role });
  const stack = started.move();
  return {
    databaseUrl,
    async ask(route, probe, name) {
      const token = await tokenOf(probe.role ?? 'operator');
      const url = new URL(
        route.path.replaceAll(/:(\w+)/g, (_, key: string) => probe.params?.[key] ?? ''),
        `http://127.0.0.1:${home.port}`,
      );
      for (const [key, value] of Object.entries(probe.query ?? {})) url.searchParams.set(key, value);
      const before = performance.now();
      const answer = await fetch(url, {
        method: route.method,
        headers: {
          authorization: `Bearer ${token}`,
          ...(probe.body === undefined ? {} : { 'content-type': 'application/json' }),
          ...(name === undefined ? {} : { [askedHeader]: name }),
        },
        ...(probe.body === undefined ? {} : { body: JSON.stringify(probe.body) }),
      });
      const text = await answer.text();
      return { status: answer.status, text, ms: performance.now() - before };
    },
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}
