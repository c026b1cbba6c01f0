import type { LocationReader } from '@heirloom/blob-store';
import type { Provider } from '@nestjs/common';
import { Bus, Jobs } from '@heirloom/service-kit';
import { Database } from '../database.ts';
import { Findings } from '../findings/findings.ts';
import { FollowUp } from '../findings/follow-up.ts';
import { HashWorkers } from '../hashing/hash-workers.ts';
import { Scrubber, type ScrubSettings } from './scrubber.ts';
import { Scrubs } from './scrubs.ts';
import { SliceLeases } from './slice-leases.ts';

/** After a kill -9 somebody else goes on with a slice when its lease has run out. */
const sliceLeaseMs = 20_000;

/** Scrubs, and what becomes of what they find. */
export const scrubProviders = (locations: readonly LocationReader[], settings: ScrubSettings): Provider[] => [
  Scrubs,
  Findings,
  {
    provide: SliceLeases,
    inject: [Database],
    useFactory: (db: Database) => new SliceLeases(db, sliceLeaseMs),
  },
  {
    provide: FollowUp,
    inject: [Findings, Bus],
    useFactory: (findings: Findings, bus: Bus) => new FollowUp(findings, bus, locations),
  },
  {
    provide: Scrubber,
    inject: [Scrubs, SliceLeases, Findings, FollowUp, HashWorkers, Jobs, Bus],
    useFactory: (
      scrubs: Scrubs,
      leases: SliceLeases,
      findings: Findings,
      followUp: FollowUp,
      workers: HashWorkers,
      jobs: Jobs,
      bus: Bus,
    ) => new Scrubber(scrubs, leases, findings, followUp, workers, jobs, bus, locations, settings),
  },
];
