import { z } from 'zod';
import { errorCodes, type ErrorCode } from './app-error.ts';

export const errorCode = z.enum(Object.keys(errorCodes) as [ErrorCode, ...ErrorCode[]]);

/** RFC 9457 problem details, as every refused request answers them. */
export const problem = z.object({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  code: errorCode,
  detail: z.string().optional(),
  requestId: z.string().optional(),
});
export type Problem = z.infer<typeof problem>;
export const problemContentType = 'application/problem+json';
