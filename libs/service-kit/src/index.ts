export { AccessGate } from './access/access-gate.ts';
export {
  accessClaims,
  accessTokenAudience,
  accessTokenIssuer,
  AccessTokens,
  type AccessClaims,
} from './access/access-tokens.ts';
export type { Person } from './access/person.ts';
export { Revocations } from './access/revocations.ts';
export { Standings } from './access/standings.ts';
export { abilityTo, throwUnlessCan } from './access/throw-unless-can.ts';
export { actsSince, type ActsAnswer, type ActsQuestion } from './audit/acts-since.ts';
export { auditController } from './audit/audit-controller.ts';
export type { RawSql } from './audit/raw-sql.ts';
export { actorOf, byAnybody, byItself, recordAct } from './audit/record-act.ts';
export { checkSettings } from './config/check-settings.ts';
export type { CallersSettings } from './config/settings-in-force.ts';
export { describeSettings, secret, type SettingDescription } from './config/describe-settings.ts';
export { kitSettings, readKitConfig, type KitConfig } from './config/kit-config.ts';
export { ConfigError, readConfig, refuseUnknownSettings, type Environment } from './config/read-config.ts';
export * from './config/settings.ts';
export { beginning, changesWhere, decodeCursor, encodeCursor, type ChangePlace } from './changes/cursor.ts';
export { isTransactionConflict, isUniqueViolation, withRetry } from './database/conflicts.ts';
export { databaseProvider } from './database/database-provider.ts';
export { secureContext, type TlsCertificate } from './http/tls.ts';
export { replaceFile } from './files/replace-file.ts';
export { EventStream } from './http/event-stream.ts';
export { OnRoute } from './http/on-route.ts';
export type { RequestContext } from './http/request-context.ts';
export { sendStream } from './http/send-stream.ts';
export { Jobs, type JobHandler } from './jobs/jobs.ts';
export { createLog, type Log } from './logging/logger.ts';
export { Bus, type AskOptions, type SendOptions } from './messages/bus.ts';
export { InProcessClient, InProcessHub, InProcessServer } from './messages/in-process.ts';
export type { MessageContext } from './messages/message-context.ts';
export {
  inboxPrefixOf,
  natsPermissions,
  renderNatsConfig,
  type NatsLogin,
  type NatsPermissions,
} from './messages/nats-permissions.ts';
export { OnMessage } from './messages/on-message.ts';
export { serveWeb, type Site, type WebOptions } from './pages/serve-web.ts';
export { Metrics } from './metrics/metrics.ts';
export type { GaugeSpec, Sample } from './metrics/registry.ts';
export { isStaffPage } from './http/staff-side.ts';
export { pageHeaders } from './pages/content-policy.ts';
export type { Contracts } from './run/check-handlers.ts';
export {
  databaseSettingOf,
  defineService,
  settingPrefixOf,
  type ServiceContext,
  type ServiceDefinition,
} from './run/define-service.ts';
export { StaffNudges } from './operations/staff-nudges.ts';
export { Health, type HealthCheck } from './run/health.ts';
export { Leaving } from './run/leaving.ts';
export { readAllSettings, run, type RunOptions, type Running } from './run/run.ts';
export { awaitMigrations, migrateServices } from './run/migrate-services.ts';
export { runMain } from './run/run-main.ts';
export { KIT_CONFIG, KIT_LOG, SERVICE_NAME } from './run/tokens.ts';
export { NoteSigningKey } from './signing/note-signing-key.ts';
