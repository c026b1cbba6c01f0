import { limits, type Replica, type VersionId } from '@heirloom/contracts';
import type { CheckedCopy, Copies } from '../copies/copies.ts';

/** What a verification has seen so far. */
export interface Progress {
  copies: CheckedCopy[];
  bytesRead: number;
  /** Versions of which every copy was looked at. */
  versions: number;
  /** The last of them. */
  last: VersionId | null;
}
/** After how much reading a verification ends. */
export interface Bounds {
  bytes: number;
  ms: number;
}
const oneAnswer: Bounds = { bytes: limits.verificationBytes, ms: limits.verificationMs };

export const nothingYet = (): Progress => ({ copies: [], bytesRead: 0, versions: 0, last: null });

/**
 * Checks all copies of each version, one version after the other, its copies side by side, and writes down what it
 * sees. Stops after the version with which it reaches one of the bounds.
 * @returns whether it came to the end
 * @throws the signal's reason when it aborts; the progress then stands as it is
 */
export async function verifyVersions(
  copies: Copies,
  replicas: readonly Replica[],
  progress: Progress,
  signal: AbortSignal,
  bounds = oneAnswer,
): Promise<boolean> {
  const until = performance.now() + bounds.ms;
  const versions = [...Map.groupBy(replicas, ({ versionId }) => versionId)];
  for (const [versionId, ofVersion] of versions) {
    if (progress.versions > 0 && (progress.bytesRead >= bounds.bytes || performance.now() >= until))
      return false;
    const checked = await Promise.all(ofVersion.map((replica) => copies.check(replica, signal)));
    progress.copies.push(...checked.map(({ copy }) => copy));
    progress.bytesRead += checked.reduce((sum, { bytesRead }) => sum + bytesRead, 0);
    progress.versions += 1;
    progress.last = versionId;
  }
  return true;
}
