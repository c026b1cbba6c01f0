import { readFile } from 'node:fs/promises';
import { parseEnv } from 'node:util';
import { ConfigError, type Environment } from './read-config.ts';

/**
 * Reads a file of `NAME=value` lines, as Docker and systemd take it, and has it read as a start would. Answers the
 * sentences for people, and whether a start would go on. Starts nothing, connects to nothing.
 *
 * @param read throws a ConfigError that names everything that is wrong
 */
export async function checkSettings(
  file: string,
  read: (env: Environment) => unknown,
): Promise<{ isClear: boolean; lines: string[] }> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    const { code = 'unknown' } = error as NodeJS.ErrnoException;
    return { isClear: false, lines: [`${file} cannot be read (${code}).`] };
  }
  const env: Environment = parseEnv(text);
  try {
    read(env);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    const count = error.problems.length;
    return {
      isClear: false,
      lines: [
        `${file}: ${count} ${count === 1 ? 'thing is' : 'things are'} wrong.`,
        ...error.problems.map((problem) => `  - ${problem}`),
      ],
    };
  }
  const names = Object.keys(env).filter((name) => name.startsWith('HEIRLOOM_'));
  return { isClear: true, lines: [`${file}: all ${names.length} settings are clear.`] };
}
