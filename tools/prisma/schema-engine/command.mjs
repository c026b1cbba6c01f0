import { connectionProblem, createDatabase, dropDatabase } from './database.mjs';

/** Postgres' codes of a database that exists, also when two sessions make it at once. */
const ALREADY_THERE = new Set(['42P04', '23505']);

const COMMANDS = {
  'can-connect-to-database': connectionProblem,
  'create-database': async (url) => {
    try {
      await createDatabase(url);
    } catch (error) {
      if (!ALREADY_THERE.has(error.code)) throw error;
    }
    return null;
  },
  'drop-database': async (url) => {
    await dropDatabase(url);
    return null;
  },
};

/**
 * Runs `schema-engine cli <name>`.
 *
 * @returns {Promise<number>} the exit code
 */
export async function runCommand(name, datasource) {
  const command = COMMANDS[name];
  if (!command) return report('P1010', `Unknown command "${name}"`);
  try {
    const problem = await command(datasource.url);
    return problem ? report(problem.code, problem.message) : 0;
  } catch (error) {
    return report('P1010', error.message);
  }
}

/** The CLI takes the error from the last line of stderr that has this shape, and skips the first line. */
function report(code, message) {
  const line = {
    timestamp: new Date().toISOString(),
    level: 'ERROR',
    fields: { message, error_code: code },
    target: 'schema_engine::logger',
  };
  process.stderr.write(`{}\n${JSON.stringify(line)}\n`);
  return 1;
}
