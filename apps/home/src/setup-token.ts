import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import http from 'node:http';
import https from 'node:https';
import path from 'node:path';
import { authRoutes, problem } from '@heirloom/contracts';
import { keepSecret, replaceSecret } from './secrets.ts';

const fileName = 'operator-setup-token';
const askTimeoutMs = 2_000;
const usedRemark =
  'This token has been used: the operator can sign in. To make another operator, remove this file and start again.';

/** The token that makes this installation's operator, in a file of its own: whoever can read the data folder may use it. */
export interface SetupToken {
  readonly token: string;
  /** Absolute. */
  readonly file: string;
  /** Made at this start; it is shown once. */
  readonly isNew: boolean;
}

/** Reads the token, or makes one where the data folder has none. The file has mode 0600, its first line is the token. */
export async function keepSetupToken(dataFolder: string, make: () => string): Promise<SetupToken> {
  let isNew = false;
  const text = await keepSecret(dataFolder, fileName, () => {
    isNew = true;
    return make();
  });
  return { token: text.split('\n', 1)[0]!.trim(), file: path.join(dataFolder, fileName), isNew };
}

/**
 * Asks the running server whether the token has been used, and says so in the file if it has. The server refuses a used
 * token by itself, so nothing depends on this but what people read.
 *
 * @param url where this process listens, for example `http://127.0.0.1:8080`
 * @param cert what this process shows there, as PEM, when it speaks TLS
 */
export async function noteWhetherUsed(
  { token, file }: SetupToken,
  url: string,
  cert?: string,
): Promise<void> {
  const text = await readFile(file, 'utf8').catch(() => undefined);
  if (text?.trim() !== token || !(await isUsed(token, url, cert))) return;
  await replaceSecret(file, `${token}\n${usedRemark}`);
}

async function isUsed(setupToken: string, url: string, cert: string | undefined): Promise<boolean> {
  const { method, path: route } = authRoutes.checkSetupToken;
  try {
    const request = (url.startsWith('https:') ? https : http).request(new URL(route, url), {
      method,
      headers: { 'content-type': 'application/json' },
      signal: AbortSignal.timeout(askTimeoutMs),
      // This very certificate, whatever its names are and whoever vouches for it.
      ...(cert === undefined
        ? {}
        : { ca: cert, allowPartialTrustChain: true, checkServerIdentity: () => undefined }),
    });
    request.end(JSON.stringify({ setupToken }));
    const [answer] = (await once(request, 'response')) as [http.IncomingMessage];
    const text = Buffer.concat(await answer.toArray()).toString();
    if (answer.statusCode === 200) return false;
    return problem.parse(JSON.parse(text)).code === 'setup-token-used';
  } catch {
    // A server that does not answer now says it at the next start.
    return false;
  }
}
