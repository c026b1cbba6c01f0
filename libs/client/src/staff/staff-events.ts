import { integrityStaffRoutes, limits, staffEvent, type StaffTopic } from '@heirloom/contracts';
import type { Http } from '../http/http.ts';

/** The server says at least that it is there. When it does not for so long, the connection is dead and nobody told us. */
const patienceMs = 2.5 * limits.eventHeartbeatMs;

export interface StaffEventsOptions {
  signal: AbortSignal;
  /** The stream stands: from now on nothing is missed. */
  onOpen?: () => void;
}

/**
 * What the server says has changed, as it happens. The stream ends when the server ends it, for example with its access token;
 * whoever wants to go on asks again.
 *
 * @throws AppError `unavailable` when the connection breaks or falls silent
 */
export async function* staffEvents(
  http: Http,
  { signal, onOpen }: StaffEventsOptions,
): AsyncGenerator<readonly StaffTopic[]> {
  const silence = new AbortController();
  const response = await http.send(integrityStaffRoutes.events, {
    signal: AbortSignal.any([signal, silence.signal]),
  });
  onOpen?.();
  if (!response.body) return;
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = '';
  try {
    for (;;) {
      const timer = setTimeout(() => silence.abort(), patienceMs);
      const { done, value } = await reader.read().finally(() => clearTimeout(timer));
      if (done) return;
      const lines = (rest + value).split(/\r\n|\n|\r/);
      rest = lines.pop() ?? '';
      for (const line of lines) {
        const topics = topicsOf(line);
        if (topics) yield topics;
      }
    }
  } finally {
    silence.abort();
  }
}

/** Of a line of the stream; null for comments and blank lines. Each event here is one line of data. */
function topicsOf(line: string): readonly StaffTopic[] | null {
  if (!line.startsWith('data:')) return null;
  const parsed = staffEvent.safeParse(JSON.parse(line.slice('data:'.length)));
  // Topics of a later version mean nothing to this one.
  return parsed.success ? parsed.data.topics : null;
}
