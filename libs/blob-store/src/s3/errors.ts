import { AppError, type LocationId } from '@heirloom/contracts';
import { SourceError } from '../source.ts';

/** What engines answer when there is no room: Ceph, AWS, Garage, SeaweedFS and others each have their own word. */
const fullCodes = [
  'QuotaExceeded',
  'StorageFull',
  'XMinioStorageFull',
  'InsufficientStorage',
  'InsufficientCapacity',
  'ServiceQuotaExceeded',
];

/** Sentences for what an operator can do something about. They complete "Storage location X ...". */
const reasons: Record<string, string> = {
  NoSuchBucket: 'does not find its bucket (NoSuchBucket)',
  AccessDenied: 'refuses access (AccessDenied)',
  InvalidAccessKeyId: 'does not know its access key (InvalidAccessKeyId)',
  SignatureDoesNotMatch: 'was given a wrong secret key (SignatureDoesNotMatch)',
  RequestTimeTooSkewed: 'has another time than this machine (RequestTimeTooSkewed)',
};

interface S3Failure {
  name: string;
  status: number;
}

/** Runs code that asks the endpoint and turns its errors into what a caller can expect. */
export async function translated<T>(id: LocationId, run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    throw toCallersError(id, error);
  }
}

export function toCallersError(id: LocationId, error: unknown): unknown {
  if (error instanceof SourceError) return error.cause;
  if (error instanceof AppError) return error;
  const failure = failureOf(error);
  if (failure) {
    if (failure.status === 507 || fullCodes.includes(failure.name))
      return new AppError('storage-full', { cause: error });
    return unavailable(id, reasons[failure.name] ?? `failed (${nameOf(failure)})`, error);
  }
  const code = networkCode(error);
  return code === undefined ? error : unavailable(id, `cannot be reached (${code})`, error);
}

export const unavailable = (id: LocationId, because: string, cause?: unknown): AppError =>
  new AppError('unavailable', { detail: `Storage location ${id} ${because}.`, cause });

/** Whether the endpoint answered with this code, or with this status and no code, as HEAD must. */
export function isAnswer(error: unknown, status: number, ...names: string[]): boolean {
  const failure = failureOf(error);
  return failure !== undefined && (names.includes(failure.name) || failure.status === status);
}

export const hasName = (error: unknown, name: string): boolean => failureOf(error)?.name === name;

/** An error of the SDK that carries an answer of the endpoint. */
function failureOf(error: unknown): S3Failure | undefined {
  if (!isObject(error) || !isObject(error['$metadata'])) return undefined;
  const status = error['$metadata']['httpStatusCode'];
  if (typeof status !== 'number') return undefined;
  return { name: String(error['name']), status };
}

/** The word for people: HEAD has no body, so that the SDK only knows the status. */
const nameOf = ({ name, status }: S3Failure): string =>
  /^[A-Za-z]{3,60}$/.test(name) && !['Error', 'Unknown', 'UnknownError', 'SyntaxError'].includes(name)
    ? name
    : `HTTP ${status}`;

/** ECONNREFUSED and its like, and our own deadlines. A bug of ours has neither. */
function networkCode(error: unknown): string | undefined {
  if (!isObject(error)) return undefined;
  const { code, name, message } = error;
  // The SDK wraps what is an error of another realm than its own, and keeps its text alone.
  const wrapped = /^AWS SDK error wrapper for Error: .*\b(E[A-Z]{3,})\b/.exec(String(message));
  if (wrapped) return wrapped[1];
  if (typeof code === 'string' && /^(E[A-Z0-9_]+|CERT_[A-Z_]+|[A-Z_]*CERT[A-Z_]*)$/.test(code)) return code;
  if (name === 'TimeoutError' || name === 'AbortError') return 'no answer in time';
  return undefined;
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null;
