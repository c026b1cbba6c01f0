/**
 * Runs any command of Prisma's CLI for a service.
 *
 *   PRISMA_DATABASE_URL='postgresql://...?schema=vault' node tools/prisma/run.mjs vault migrate status
 */
import { runPrisma, serviceFolder } from './prisma.mjs';

const [service = '', ...args] = process.argv.slice(2);
const { exitCode, stdout, stderr } = await runPrisma(serviceFolder(service), args);
process.stdout.write(stdout);
process.stderr.write(stderr);
process.exitCode = exitCode;
