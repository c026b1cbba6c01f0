import type { LiveUploads, UploadOverview } from './queued-file.ts';

export interface UploadProgress {
  /** From 0 to 1. */
  share: number;
  doneFiles: number;
  allFiles: number;
  doneBytes: number;
  allBytes: number;
  /** Null while nobody can say. */
  secondsLeft: number | null;
}

/** How far all of it has come: what is done, and the parts of files that are being sent. */
export function progressOf(
  { tally, waiting }: UploadOverview,
  { active, bytesPerSecond }: LiveUploads,
): UploadProgress {
  const sent = active.reduce(
    (sum, { step, share, size }) => sum + (step === 'reading' ? 0 : share * size),
    0,
  );
  const allBytes = tally.doneBytes + tally.waitingBytes;
  const doneBytes = Math.min(allBytes, tally.doneBytes + sent);
  const doneFiles = tally.stored + tally.known + tally.restored;
  return {
    share: allBytes === 0 ? 0 : doneBytes / allBytes,
    doneFiles,
    allFiles: doneFiles + waiting.files,
    doneBytes,
    allBytes,
    secondsLeft: bytesPerSecond === null ? null : (allBytes - doneBytes) / bytesPerSecond,
  };
}
