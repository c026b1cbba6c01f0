import { limits, type Coverage as CoverageReport, type LocationId } from '@heirloom/contracts';
import type { Database } from '../database.ts';

const dayMs = 24 * 3600_000;

/** When each part of each location was read, and how much on each day. */
export class Coverage {
  constructor(
    private readonly db: Database,
    private readonly locations: readonly LocationId[],
  ) {}

  async read(): Promise<CoverageReport> {
    const [readings, days] = await Promise.all([
      this.db.sliceReading.findMany({ where: { locationId: { in: [...this.locations] } } }),
      this.db.readingDay.findMany({
        where: { day: { gt: new Date(Date.now() - limits.coverageDays * dayMs) } },
        orderBy: { day: 'asc' },
      }),
    ]);
    const byLocation = Map.groupBy(readings, ({ locationId }) => locationId);
    return {
      locations: this.locations.map((locationId) => {
        const slices = new Array<Date | null>(limits.slicesPerLocation).fill(null);
        for (const { number, readAt } of byLocation.get(locationId) ?? []) slices[number] = readAt;
        return { locationId, slices };
      }),
      days: days.map(({ day, copies, bytesRead }) => ({
        day: day.toISOString().slice(0, 10),
        copies: Number(copies),
        bytesRead: Number(bytesRead),
      })),
    };
  }
}
