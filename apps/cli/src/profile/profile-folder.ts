import { chmod, mkdir, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import path from 'node:path';
import { AppError } from '@heirloom/contracts';

/** Where the profile lies: HEIRLOOM_HOME, or `heirloom` in the folder for data of the XDG base directory specification. */
export function profileFolder(env: {
  HEIRLOOM_HOME?: string | undefined;
  XDG_DATA_HOME?: string | undefined;
}): string {
  if (env.HEIRLOOM_HOME) return path.resolve(env.HEIRLOOM_HOME);
  // The specification says to ignore a relative path.
  const data = env.XDG_DATA_HOME && path.isAbsolute(env.XDG_DATA_HOME) ? env.XDG_DATA_HOME : null;
  return path.join(data ?? path.join(homedir(), '.local', 'share'), 'heirloom');
}

/** Makes the folder, for its owner alone. */
export async function ensureProfileFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const found = await stat(folder);
    if (!found.isDirectory()) throw new Error('it is not a folder');
    if ((found.mode & 0o077) !== 0) await chmod(folder, 0o700);
  } catch (cause) {
    throw new AppError('bad-request', {
      detail: `The profile folder ${folder} cannot be used. Choose another one with HEIRLOOM_HOME.`,
      cause,
    });
  }
}
