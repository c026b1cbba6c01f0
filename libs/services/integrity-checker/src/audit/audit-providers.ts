import type { Provider } from '@nestjs/common';
import { Bus, Jobs, StaffNudges } from '@heirloom/service-kit';
import type { IntegrityCheckerConfig } from '../config.ts';
import { Database } from '../database.ts';
import { topicsOf } from './act-topics.ts';
import { AuditChain } from './audit-chain.ts';
import { AuditChecker } from './audit-checker.ts';
import { AuditChecks } from './audit-checks.ts';
import { AuditEntries } from './audit-entries.ts';
import { AuditKeys } from './audit-keys.ts';
import { AuditTrail } from './audit-trail.ts';
import { auditSources, Collector } from './collector.ts';
import { Retention } from './retention.ts';

const hourMs = 3600_000;

/** The audit trail: collected, signed, checked, and kept for its time. */
export const auditProviders = (config: IntegrityCheckerConfig): Provider[] => [
  {
    provide: AuditKeys,
    useFactory: () =>
      new AuditKeys(
        config.HEIRLOOM_INTEGRITY_CHECKER_AUDIT_KEY,
        config.HEIRLOOM_INTEGRITY_CHECKER_AUDIT_KEY_PREVIOUS,
      ),
  },
  AuditChain,
  AuditChecks,
  AuditEntries,
  AuditTrail,
  {
    provide: Collector,
    inject: [Database, AuditChain, Jobs, Bus, StaffNudges],
    useFactory: (db: Database, chain: AuditChain, jobs: Jobs, bus: Bus, nudges: StaffNudges) =>
      new Collector(db, chain, jobs, auditSources(bus, db), (kinds) => nudges.tell(...topicsOf(kinds))),
  },
  {
    provide: Retention,
    inject: [Database, AuditChain, AuditKeys],
    useFactory: (db: Database, chain: AuditChain, keys: AuditKeys) =>
      new Retention(db, chain, keys, config.HEIRLOOM_INTEGRITY_CHECKER_AUDIT_RETENTION_DAYS * 24 * hourMs),
  },
  {
    provide: AuditChecker,
    inject: [AuditChecks, AuditTrail, AuditKeys, Retention, Jobs],
    useFactory: (checks: AuditChecks, trail: AuditTrail, keys: AuditKeys, retention: Retention, jobs: Jobs) =>
      new AuditChecker(
        checks,
        trail,
        keys,
        retention,
        jobs,
        config.HEIRLOOM_INTEGRITY_CHECKER_AUDIT_CHECK_INTERVAL_HOURS * hourMs,
      ),
  },
];
