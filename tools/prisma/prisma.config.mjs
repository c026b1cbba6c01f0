import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { defineConfig } from 'prisma/config';

/**
 * Prisma's configuration of every service: the command runs in the service's folder. prisma.mjs passes it on.
 * PRISMA_DATABASE_URL and PRISMA_SHADOW_DATABASE_URL name the databases for the commands that need them.
 */
const prisma = join(process.cwd(), 'prisma');
if (!existsSync(join(prisma, 'schema.prisma'))) {
  throw new Error(`There is no prisma/schema.prisma in ${process.cwd()}`);
}

export default defineConfig({
  schema: join(prisma, 'schema.prisma'),
  migrations: { path: join(prisma, 'migrations') },
  datasource: {
    // `prisma generate` connects to nothing, but the configuration must name a URL.
    url: process.env.PRISMA_DATABASE_URL ?? 'postgresql://127.0.0.1:1/none',
    shadowDatabaseUrl: process.env.PRISMA_SHADOW_DATABASE_URL,
  },
});
