import { AppError } from '@heirloom/contracts';
import { z } from 'zod';

/**
 * Decodes what came from outside.
 *
 * @param place where it stood, for the sentence: `params`, `query`, `body` or `data`
 * @throws AppError `bad-request`; its sentence names the field, never what stood in it.
 */
export function decodeInput<S extends z.ZodType>(schema: S, input: unknown, place: string): z.output<S> {
  const result = z.safeDecode(schema, input as z.input<S>);
  if (result.success) return result.data;
  throw new AppError('bad-request', { detail: describe(result.error, place), cause: result.error });
}

function describe(error: z.ZodError, place: string): string {
  const issue = error.issues[0]!;
  const path = [place, ...issue.path.map(String)].join('.').slice(0, 200);
  const rule =
    issue.code === 'unrecognized_keys' ? 'has a field that is not known' : issue.message.replace(/\.$/, '');
  const rest = error.issues.length > 1 ? ` (and ${error.issues.length - 1} more)` : '';
  return `The field ${path} is not as expected: ${rule}${rest}.`;
}
