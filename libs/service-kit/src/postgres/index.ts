export { type EmbeddedPostgres, type EmbeddedPostgresOptions, startEmbeddedPostgres } from './embedded.ts';
export { migrate, type MigrateOptions, MigrationError, readMigrations } from './migrate.ts';
export { provisionDatabase, type ServiceRole } from './provision.ts';
