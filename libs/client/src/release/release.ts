import { AppError, release, releasePath, type Release, type ReleaseFile } from '@heirloom/contracts';
import { webPorts } from '@heirloom/crypto';
import { toHex } from '@heirloom/formats';

/** How a file of the web pages differs from what it should be. */
export interface ReleaseFault {
  path: string;
  /**
   * - `not-as-announced`: the server sends other bytes than it announces;
   * - `changed`: both releases have the file, with other content;
   * - `added`, `missing`: only the server's, or only the trusted release has it.
   */
  fault: 'not-as-announced' | 'changed' | 'added' | 'missing';
}

const get = async (server: string, path: string): Promise<Response> => {
  const url = new URL(path, server);
  const answer = await fetch(url, { cache: 'no-store', redirect: 'error' }).catch((cause: unknown) => {
    throw new AppError('unavailable', {
      detail: `Cannot reach ${server}. Check the address and that the server runs, then try again.`,
      cause,
    });
  });
  if (!answer.ok)
    throw new AppError('not-found', {
      detail: `${url.href} answers ${answer.status}: it serves no web pages.`,
    });
  return answer;
};

/** What a server says that it serves as web pages. @throws AppError `unavailable`, `not-found`, `bad-request` */
export async function readRelease(server: string): Promise<Release> {
  const parsed = release.safeParse(await (await get(server, releasePath)).json().catch(() => null));
  if (parsed.success) return parsed.data;
  throw new AppError('bad-request', { detail: `${server} does not say which web pages it serves.` });
}

/** Fetches every file and compares it with what the server announced. @returns those that differ */
export async function checkServed(server: string, announced: Release): Promise<ReleaseFault[]> {
  const faults: ReleaseFault[] = [];
  for (const { path, sha256 } of announced.files) {
    const bytes = new Uint8Array(await (await get(server, path)).arrayBuffer());
    if (toHex(await webPorts.digest(bytes)) !== sha256) faults.push({ path, fault: 'not-as-announced' });
  }
  return faults;
}

/** How the files of a server differ from those of a release that one trusts. */
export function compareReleases(
  served: Pick<Release, 'files'>,
  trusted: Pick<Release, 'files'>,
): ReleaseFault[] {
  const hashes = (files: readonly ReleaseFile[]) => new Map(files.map(({ path, sha256 }) => [path, sha256]));
  const [here, there] = [hashes(served.files), hashes(trusted.files)];
  const faults: ReleaseFault[] = [];
  for (const [path, sha256] of here) {
    const expected = there.get(path);
    if (expected === undefined) faults.push({ path, fault: 'added' });
    else if (expected !== sha256) faults.push({ path, fault: 'changed' });
  }
  for (const path of there.keys()) if (!here.has(path)) faults.push({ path, fault: 'missing' });
  return faults;
}
