export { type EmbeddedPostgres, type EmbeddedPostgresOptions, startEmbeddedPostgres } from './embedded.ts';
export {
  migrate,
  type MigrateOptions,
  MigrationError,
  pendingMigrations,
  readMigrations,
} from './migrate.ts';
export { provisionDatabase, type ServiceRole } from './provision.ts';
