/**
 * Writes the Prisma client of the service in whose folder it runs to src/generated (which git ignores).
 *
 *   cd libs/services/vault && node ../../../tools/prisma/generate.mjs
 */
import { runPrisma } from './prisma.mjs';

const { exitCode, stdout, stderr } = await runPrisma(process.cwd(), ['generate', '--no-hints']);
if (exitCode !== 0) console.error(`${stdout}${stderr}`.trim());
process.exitCode = exitCode;
