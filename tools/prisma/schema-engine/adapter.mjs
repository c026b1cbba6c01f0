import { PrismaPg } from '@prisma/adapter-pg';
import { ColumnTypeEnum } from '@prisma/driver-adapter-utils';
import { randomUUID } from 'node:crypto';
import { administer, dropDatabase, parseDatabaseUrl, withDatabase } from './database.mjs';
import pg from 'pg';

/** Postgres' type "char" (one byte), which system catalogues use. */
const CHAR_OID = 18;
const TEXT_OID = 25;

/**
 * Connects the schema engine to Postgres.
 *
 * @param {{ url: string, shadowDatabaseUrl?: string }} datasource
 * @returns a factory as `bindMigrationAwareSqlAdapterFactory` wants it
 */
export function adapterFactory(datasource) {
  return {
    provider: 'postgres',
    adapterName: '@prisma/adapter-pg',
    connect: () => open(datasource.url),
    connectToShadowDb: () =>
      datasource.shadowDatabaseUrl ? open(datasource.shadowDatabaseUrl) : openTemporary(datasource.url),
  };
}

async function open(url) {
  const { url: connectionString, schema } = parseDatabaseUrl(url);
  const options = `-c search_path=${pg.escapeIdentifier(schema)}`;
  return complete(await new PrismaPg({ connectionString, max: 1, options }, { schema }).connect());
}

/** A database of its own beside the URL's, dropped when the adapter is disposed of. */
async function openTemporary(url) {
  const { url: plain, schema } = parseDatabaseUrl(url);
  const name = `prisma_migrate_shadow_db_${randomUUID()}`;
  await administer(url, `CREATE DATABASE ${pg.escapeIdentifier(name)}`);
  const adapter = await open(`${withDatabase(plain, name)}?schema=${encodeURIComponent(schema)}`);
  await adapter.client.query(`CREATE SCHEMA IF NOT EXISTS ${pg.escapeIdentifier(schema)}`);
  const dispose = adapter.dispose.bind(adapter);
  adapter.dispose = async () => {
    await dispose();
    await dropDatabase(plain, name);
  };
  return adapter;
}

/**
 * Gives an adapter what the schema engine needs and adapter-pg 7.10.0 lacks: results of type "char", and scripts sent
 * whole (the adapter splits them at each `;`, also inside a function's body).
 */
function complete(adapter) {
  const performIO = adapter.performIO.bind(adapter);
  const queryRaw = adapter.queryRaw.bind(adapter);
  let charColumns = [];
  adapter.performIO = async (query) => {
    const result = await performIO(query);
    charColumns = [];
    result.fields?.forEach((field, index) => {
      if (field.dataTypeID !== CHAR_OID) return;
      field.dataTypeID = TEXT_OID;
      charColumns.push(index);
    });
    return result;
  };
  adapter.queryRaw = async (query) => {
    const result = await queryRaw(query);
    for (const index of charColumns) result.columnTypes[index] = ColumnTypeEnum.Character;
    return result;
  };
  adapter.executeScript = async (script) => {
    try {
      await adapter.client.query(script);
    } catch (error) {
      adapter.onError(error);
    }
  };
  const startTransaction = adapter.startTransaction?.bind(adapter);
  if (startTransaction)
    adapter.startTransaction = async (...args) => complete(await startTransaction(...args));
  return adapter;
}
