import { readChecks, verifyPhoto, type IndexedPhoto, type Vault } from '@heirloom/client';
import {
  AppError,
  integrityRoutes,
  limits,
  vaultRoutes,
  type RouteOutput,
  type VersionId,
} from '@heirloom/contracts';
import type { EngineContext } from '../engine/engine-context.ts';

/** How a person's photos are doing, as the server says. */
export interface SafetySummary {
  photos: number;
  bytes: number;
  /** How many copies the installation keeps, and the fewest that any photo has now; null without photos. */
  wantedCopies: number;
  fewestCopies: number | null;
  /** Copies that are still to be made. */
  pendingCopies: number;
}

/** When the server read the copies again by itself, as it says. */
export interface OwnChecks {
  /** Milliseconds since 1970: every copy stored before has been read again since; null when none has ended yet. */
  checkedSince: number | null;
  /** How far the check is that runs now, from 0 to 1; null when none runs. */
  share: number | null;
}

/** How far a check has come. */
export interface CheckProgress {
  /** `server`: every copy is read again there; `device`: photos are fetched and opened here. */
  step: 'server' | 'device';
  done: number;
  all: number;
}

/** What a check showed. */
export interface CheckResult {
  /** Milliseconds since 1970. */
  at: number;
  photos: number;
  copies: number;
  /** Copies that are damaged, short or missing; repairs are under way. */
  badCopies: number;
  /** Copies in places that did not answer. */
  unreachableCopies: number;
  /** Photos that this device fetched and opened, and the names of those that it could not. */
  opened: number;
  damaged: string[];
  wasStopped: boolean;
}

type Tell = (progress: CheckProgress) => Promise<void> | void;

/** Photos that this device fetches and opens in a check, chosen by chance. */
const samplePhotos = 10;
/** How often, and how far apart, a photo is fetched whose copy was damaged. */
const attempts = 3;
const mendMs = 3_000;
const bad = new Set(['damaged', 'short', 'missing']);

/** Whether the photos are all there and whole. */
export function safetyEngine(context: EngineContext) {
  let running: AbortController | null = null;
  return {
    summary: async (): Promise<SafetySummary> => {
      const { account, libraryId } = await context.vault();
      const { photos, bytes, wantedCopies, fewestCopies, copiesPending } = await context.online(() =>
        account.http.call(vaultRoutes.summary, { params: { libraryId } }),
      );
      return { photos, bytes, wantedCopies, fewestCopies, pendingCopies: copiesPending };
    },
    checks: async (): Promise<OwnChecks> => {
      const vault = await context.vault();
      const { checkedSince, running } = await context.online(() => readChecks(vault));
      return { checkedSince: checkedSince?.getTime() ?? null, share: running?.share ?? null };
    },
    /** Has the server read every copy again, then fetches some photos and opens them here. One check at a time. */
    check: async (tell: Tell): Promise<CheckResult> => {
      running?.abort();
      const stop = (running = new AbortController());
      const vault = await context.vault();
      const result = await context.online(() => checkAll(vault, stop.signal, tell));
      context.changed('safety');
      return result;
    },
    stopCheck: async (): Promise<void> => running?.abort(),
  };
}

async function checkAll(vault: Vault, signal: AbortSignal, tell: Tell): Promise<CheckResult> {
  const { account, libraryId } = vault;
  const { versions, photos } = await account.http.call(vaultRoutes.summary, { params: { libraryId } });
  const result = {
    at: Date.now(),
    photos,
    copies: 0,
    badCopies: 0,
    unreachableCopies: 0,
    opened: 0,
    damaged: [] as string[],
    wasStopped: false,
  };
  await askServer(vault, versions, signal, tell, result);
  await openSample(vault, signal, tell, result);
  return { ...result, at: Date.now(), wasStopped: signal.aborted };
}

async function askServer(
  { account, libraryId }: Vault,
  all: number,
  signal: AbortSignal,
  tell: Tell,
  result: CheckResult,
): Promise<void> {
  let after: VersionId | null = null;
  const seen = new Set<string>();
  do {
    if (signal.aborted) return;
    await tell({ step: 'server', done: seen.size, all });
    const page: RouteOutput<typeof integrityRoutes.verify> = await account.http.call(
      integrityRoutes.verify,
      { body: { libraryId, limit: limits.versionsPerVerification, ...(after === null ? {} : { after }) } },
      { timeoutMs: 10 * 60_000 },
    );
    for (const { versionId, state } of page.copies) {
      seen.add(versionId);
      if (state === 'pending') continue;
      result.copies += 1;
      if (bad.has(state)) result.badCopies += 1;
      if (state === 'unreachable') result.unreachableCopies += 1;
    }
    after = page.next;
  } while (after !== null);
}

async function openSample(vault: Vault, signal: AbortSignal, tell: Tell, result: CheckResult): Promise<void> {
  if (signal.aborted) return;
  await vault.syncLibrary();
  const sample = pick(await vault.library.all(), samplePhotos);
  for (const [done, photo] of sample.entries()) {
    if (signal.aborted) return;
    await tell({ step: 'device', done, all: sample.length });
    const isWhole = await opensHere(vault, photo, signal);
    if (signal.aborted) return;
    if (isWhole) result.opened += 1;
    else result.damaged.push(photo.metadata?.name ?? photo.photo);
  }
}

/** The copy that was read may be the one that is just being mended, so a damaged photo is fetched again a little later. */
async function opensHere(vault: Vault, photo: IndexedPhoto, signal: AbortSignal): Promise<boolean> {
  for (let attempt = 1; ; attempt++) {
    try {
      await verifyPhoto(vault, photo, { signal });
      return true;
    } catch (error) {
      const isDamage =
        error instanceof AppError && (error.code === 'damaged' || error.code === 'object-malformed');
      if (signal.aborted) return false;
      if (!isDamage) throw error;
      if (attempt === attempts) return false;
    }
    await new Promise((resolve) => setTimeout(resolve, mendMs));
  }
}

/** Some of them by chance, each once. */
function pick(photos: readonly IndexedPhoto[], count: number): IndexedPhoto[] {
  const left = [...photos];
  const chosen: IndexedPhoto[] = [];
  while (chosen.length < count && left.length > 0) {
    const [random = 0] = crypto.getRandomValues(new Uint32Array(1));
    chosen.push(...left.splice(random % left.length, 1));
  }
  return chosen;
}
