import { createInterface } from 'node:readline/promises';
import { AppError } from '@heirloom/contracts';
import { main } from './cli.ts';
import { readEnvironment } from './environment.ts';
import { Interrupted, type Io } from './output/io.ts';
import { profileFolder } from './profile/profile-folder.ts';
import { applyTrusted } from './profile/trusted.ts';

const stop = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  // The first asks to stop in good order; the second one ends the process at once.
  process.once(signal, () => stop.abort());
}
// A reader that goes away (`heirloom ls | head`) is no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});

const io: Io = {
  out: (text) => void process.stdout.write(`${text}\n`),
  err: (text) => void process.stderr.write(`${text}\n`),
  isWatched: process.stderr.isTTY,
  signal: stop.signal,
  isAsked: process.stdin.isTTY,
  async ask(question) {
    if (!process.stdin.isTTY) {
      throw new AppError('bad-request', {
        detail: `Nobody can be asked here for this: ${question}. "heirloom --help" names the settings that answer.`,
      });
    }
    const lines = createInterface({ input: process.stdin, output: process.stderr });
    try {
      return await lines.question(`${question}: `, { signal: stop.signal });
    } catch (error) {
      throw stop.signal.aborted ? new Interrupted() : error;
    } finally {
      lines.close();
    }
  },
  async askSecret(question) {
    if (!process.stdin.isTTY) {
      throw new AppError('bad-request', {
        detail: 'A password is needed and nobody can be asked here. Set HEIRLOOM_PASSWORD.',
      });
    }
    const { default: password } = await import('@inquirer/password');
    const asked = password(
      { message: `${question}:`, mask: true },
      { output: process.stderr, signal: stop.signal },
    );
    return await asked.catch((error: unknown) => {
      const stopped = error instanceof Error && /^(Exit|Abort)PromptError$/.test(error.name);
      throw stopped ? new Interrupted() : error;
    });
  },
};

/** Runs the program with the arguments behind its name. */
export async function runProgram(
  args: readonly string[],
  variables: Readonly<Record<string, string | undefined>>,
): Promise<number> {
  const env = readEnvironment(variables);
  await applyTrusted(profileFolder(env));
  return await main(args, env, io);
}
