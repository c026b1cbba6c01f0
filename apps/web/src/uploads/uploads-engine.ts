import type { EngineContext } from '../engine/engine-context.ts';
import type { AllowedHandle, NewFile, UploadOverview } from './queued-file.ts';
import { UploadQueue } from './upload-queue.ts';
import { UploadRunner } from './upload-runner.ts';

/** The queue of files to store. */
export function uploadsEngine(context: EngineContext) {
  const queue = new UploadQueue(context.database);
  const runner = new UploadRunner(context, queue);
  const changed = () => context.changed('uploads');
  return {
    /** @returns how many this tab holds alone, since the browser has no room to keep them */
    add: async (files: NewFile[], albumId: string | null): Promise<{ loose: number }> => {
      const answer = await queue.add(files, albumId);
      runner.resume();
      changed();
      return answer;
    },
    overview: async (): Promise<UploadOverview> => await queue.overview(runner.unallowed.size),
    pause: async (): Promise<void> => {
      await queue.pause(true);
      changed();
    },
    /** Goes on after a pause, or after what stopped it. */
    resume: async (): Promise<void> => {
      await queue.pause(false);
      runner.resume();
      changed();
    },
    retry: async (ids: string[] | 'all'): Promise<void> => {
      await queue.retry(ids);
      runner.resume();
      changed();
    },
    /** Takes files out of the queue. What is sent already stays in the vault. */
    remove: async (ids: string[] | 'waiting' | 'failed'): Promise<void> => {
      await queue.remove(ids);
      changed();
    },
    /** Forgets the result. */
    dismiss: async (): Promise<void> => {
      await queue.dismiss();
      changed();
    },
    /** What the person has to allow the browser to read again, each once. */
    handlesToAllow: async (): Promise<AllowedHandle[]> => {
      const roots: AllowedHandle[] = [];
      for (const id of runner.unallowed) {
        const source = (await queue.get(id))?.source;
        if (source?.kind !== 'handle') continue;
        const { root } = source;
        const same = await Promise.all(roots.map((one) => one.isSameEntry(root)));
        if (!same.includes(true)) roots.push(root);
      }
      return roots;
    },
  };
}
