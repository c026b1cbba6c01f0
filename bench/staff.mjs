/**
 * How long the routes of operators and support take with a great deal in the databases: p50 and p95 of each in
 * milliseconds, from the request to the end of its answer, in one process with Postgres beside it. Needs a build. The goal is
 * 300 ms for p95.
 *
 * Usage: node bench/staff.mjs [ACCOUNTS] [PHOTOS] [ROUNDS] [PART_OF_A_ROUTES_ID]
 */
import { fullSize } from '../apps/e2e/src/staff-load/fill.ts';
import { probes } from '../apps/e2e/src/staff-load/probes.ts';
import { staffRoutes, startStaffHome } from '../apps/e2e/src/staff-load/staff-home.ts';

const [accounts = fullSize.accounts, photos = fullSize.photos, rounds = 40] = process.argv
  .slice(2, 5)
  .map(Number);
const part = process.argv[5] ?? '';
const goalMs = 300;
const say = (line) => process.stdout.write(`${line}\n`);

await using home = await startStaffHome({ accounts, photos }, say);
say(`${accounts} accounts, ${photos} photos, ${3 * photos} copies; ${rounds} rounds`);
say(`${'route'.padEnd(40)} ${'p50'.padStart(8)} ${'p95'.padStart(8)}`);
for (const route of staffRoutes.filter(({ id }) => id.includes(part))) {
  const probe = probes[route.id];
  if (!probe || probe.once) continue;
  const times = [];
  for (let round = 0; round < rounds; round++) {
    const { status, text, ms } = await home.ask(route, probe);
    if (status !== (probe.status ?? route.status)) throw new Error(`${route.id} answered ${status}: ${text}`);
    times.push(ms);
  }
  times.sort((a, b) => a - b);
  const at = (share) => times[Math.min(times.length - 1, Math.floor(share * times.length))];
  const cell = (ms) => ms.toFixed(1).padStart(8);
  say(`${route.id.padEnd(40)} ${cell(at(0.5))} ${cell(at(0.95))}${at(0.95) > goalMs ? '  !' : ''}`);
}
