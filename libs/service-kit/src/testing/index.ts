export { emptyTestDatabase, type TestDatabase, testDatabase, testPostgresUrl } from './database.ts';
export { freePort } from '../postgres/free-port.ts';
export { settled } from './settled.ts';
export { spawnServer, startRedis, type SpawnedServer } from './servers.ts';
