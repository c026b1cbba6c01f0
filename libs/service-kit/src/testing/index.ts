export { emptyTestDatabase, type TestDatabase, testDatabase, testPostgresUrl } from './database.ts';
