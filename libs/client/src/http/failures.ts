import { AppError, problem, problemContentType, type ErrorCode } from '@heirloom/contracts';
import { announceWait } from './retry.ts';

/** What a status means when something between client and server answered, which does not speak our problems. */
const byStatus: Readonly<Record<number, ErrorCode>> = {
  401: 'token-invalid',
  403: 'forbidden',
  404: 'not-found',
  408: 'timeout',
  410: 'gone',
  413: 'too-large',
  416: 'range-not-satisfiable',
  429: 'too-many-requests',
  502: 'unavailable',
  503: 'unavailable',
  504: 'timeout',
  507: 'storage-full',
};

/** Milliseconds of a `Retry-After` header (seconds or an HTTP date, RFC 9110 §10.2.3), or null. */
export function retryAfterMs(header: string | null, nowMs = Date.now()): number | null {
  if (header === null) return null;
  if (/^\d{1,6}$/.test(header.trim())) return Number(header) * 1000;
  const at = Date.parse(header);
  return Number.isNaN(at) ? null : Math.max(0, at - nowMs);
}

/** The error that a refused request answered. Reads the body. */
export async function refusal(response: Response, server: string): Promise<AppError> {
  const text = await response.text().catch(() => '');
  const error = parsed(response, text) ?? strange(response.status, server);
  const waitMs = retryAfterMs(response.headers.get('retry-after'));
  return waitMs === null ? error : announceWait(error, waitMs);
}

function parsed(response: Response, text: string): AppError | null {
  if (!response.headers.get('content-type')?.startsWith(problemContentType)) return null;
  try {
    return AppError.fromProblem(problem.parse(JSON.parse(text)));
  } catch {
    return null;
  }
}

function strange(status: number, server: string): AppError {
  const code = byStatus[status];
  if (code) return new AppError(code);
  if (status >= 500) return new AppError('internal');
  return new AppError('bad-request', {
    detail: `${server} answered with status ${status}. Check that this is the address of a Heirloom server.`,
  });
}

/** The error for a request that never got an answer. */
export function unreachable(server: string, cause: unknown): AppError {
  if (unknownCertificate.has(codeBelow(cause))) {
    return new AppError('unavailable', {
      detail: `${server} shows a certificate that this machine does not know. If it is a Heirloom of your own, trust it once by the fingerprint that it printed at its start: heirloom trust ${server} --fingerprint ...`,
      cause,
    });
  }
  return new AppError('unavailable', {
    detail: `Cannot reach ${server}. Check the address and that the server runs, then try again.`,
    cause,
  });
}

/** What Node calls a certificate whose authority nobody told it of. */
const unknownCertificate: ReadonlySet<string> = new Set([
  'SELF_SIGNED_CERT_IN_CHAIN',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
]);

/** The code of the error that a failed fetch wraps; empty where there is none. */
function codeBelow(error: unknown): string {
  const inner = error instanceof Error ? (error.cause ?? error) : undefined;
  return inner instanceof Object && 'code' in inner ? String(inner.code) : '';
}
