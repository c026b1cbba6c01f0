import { link, readFile, rm, writeFile } from 'node:fs/promises';

/** Somebody else holds the data folder. */
export class DataFolderBusyError extends Error {
  constructor(data: string, pid: number) {
    super(
      `Another Heirloom (process ${pid}) is already running on ${data}. ` +
        'Stop it first, or choose another folder with HEIRLOOM_DATA.',
    );
    this.name = 'DataFolderBusyError';
  }
}

/** True while a process with this id runs and is a Node (ids are reused after a crash). */
async function isLivingNode(pid: number): Promise<boolean> {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
  const commandLine = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => 'node');
  return commandLine.includes('node');
}

/**
 * Takes the data folder for this process. The lock of a process that died is taken over.
 * Throws {@link DataFolderBusyError} when a living one holds it.
 */
export async function lockDataFolder(file: string, data: string): Promise<AsyncDisposable> {
  const own = `${file}.${process.pid}`;
  await writeFile(own, String(process.pid), { mode: 0o600 });
  try {
    for (;;) {
      try {
        // A link appears with its content or not at all, and never replaces another one's.
        await link(own, file);
        return { [Symbol.asyncDispose]: () => rm(file, { force: true }) };
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      }
      const pid = Number.parseInt(await readFile(file, 'utf8').catch(() => ''), 10);
      if (pid !== process.pid && Number.isInteger(pid) && (await isLivingNode(pid)))
        throw new DataFolderBusyError(data, pid);
      await rm(file, { force: true });
    }
  } finally {
    await rm(own, { force: true });
  }
}
