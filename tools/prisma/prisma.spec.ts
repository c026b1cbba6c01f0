import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { migrate } from '@heirloom/service-kit/postgres';
import { emptyTestDatabase } from '@heirloom/service-kit/testing';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { difference } from './difference.mjs';
import { runPrisma } from './prisma.mjs';

const HEAD = `generator client {
  provider   = "prisma-client"
  output     = "../src/generated"
  engineType = "client"
}
datasource db {
  provider = "postgresql"
}
`;
const album = (extra = '') => `model Album {
  id String @id @db.Uuid
  ${extra}
  @@map("album")
}
`;
const FIRST = 'CREATE TABLE "album" ("id" UUID NOT NULL, CONSTRAINT "album_pkey" PRIMARY KEY ("id"));\n';

let folder: string;
let database: Awaited<ReturnType<typeof emptyTestDatabase>>;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'heirloom-schema-'));
  database = await emptyTestDatabase();
  await mkdir(join(folder, 'prisma/migrations/20260101000000_first'), { recursive: true });
  await writeFile(join(folder, 'prisma/schema.prisma'), HEAD + album());
  await writeFile(join(folder, 'prisma/migrations/migration_lock.toml'), 'provider = "postgresql"\n');
  await writeFile(join(folder, 'prisma/migrations/20260101000000_first/migration.sql'), FIRST);
});

afterAll(async () => {
  await database.drop();
  await rm(folder, { recursive: true });
});

describe('Prisma over the WebAssembly schema engine', () => {
  it('generates a client', async () => {
    expect(await runPrisma(folder, ['generate', '--no-hints'])).toMatchObject({ exitCode: 0 });
    expect(await readFile(join(folder, 'src/generated/models/Album.ts'), 'utf8')).toContain('AlbumModel');
  });

  it('finds no difference between migrations and an equal schema', async () => {
    expect(await difference(folder, database.url)).toBe('');
  });

  it('writes the SQL that the migrations lack', async () => {
    await writeFile(join(folder, 'prisma/schema.prisma'), HEAD + album('epoch Int'));
    const sql = await difference(folder, database.url);
    expect(sql).toContain('ALTER TABLE "album" ADD COLUMN     "epoch" INTEGER NOT NULL');
    expect(sql).not.toContain('SCHEMA');
    await writeFile(join(folder, 'prisma/schema.prisma'), HEAD + album());
  });

  it('agrees with our own migration runner about what has been applied', async () => {
    const url = `${database.url}?schema=vault`;
    const status = () => runPrisma(folder, ['migrate', 'status'], { PRISMA_DATABASE_URL: url });
    expect((await status()).stdout).toContain('have not yet been applied');
    await migrate({ url: database.url, schema: 'vault', directory: join(folder, 'prisma/migrations') });
    expect(await status()).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('up to date') });
  });

  it('reports a schema that Prisma refuses', async () => {
    await writeFile(join(folder, 'prisma/schema.prisma'), `${HEAD}model Album { id Strin @id }`);
    await expect(difference(folder, database.url)).rejects.toThrow('Strin');
  });
});
