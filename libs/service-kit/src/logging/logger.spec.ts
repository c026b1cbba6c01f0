import { describe, expect, it } from '@jest/globals';
import { createLog } from './logger.ts';

/** One line as it is written. */
function written(write: (log: ReturnType<typeof createLog>) => void): Record<string, unknown> {
  const lines: string[] = [];
  write(createLog('info', { write: (line: string) => void lines.push(line) }));
  return JSON.parse(lines[0] ?? 'null') as Record<string, unknown>;
}

describe('the log', () => {
  it('tells of an error its kind, sentence, code, stack and cause, and nothing that a library hung on it', () => {
    const cause = Object.assign(new Error('cut'), { code: '57P01', client: { password: 'hunter2 hunter2' } });
    const error = Object.assign(new RangeError('lost', { cause }), {
      connection: { asked: 'SELECT secret' },
    });
    const line = written((log) => log.warn({ err: error }, 'a connection was lost'));
    expect(line).toMatchObject({
      level: 'warn',
      msg: 'a connection was lost',
      err: { type: 'RangeError', message: 'lost', cause: { message: 'cut', code: '57P01' } },
    });
    expect(JSON.stringify(line)).not.toMatch(/hunter2|SELECT/);
  });

  it('can be given what is no error at all', () => {
    expect(written((log) => log.error({ err: 'only text' }, 'odd'))).toMatchObject({
      err: { message: 'only text' },
    });
  });

  it('censors fields that hold secrets', () => {
    const line = written((log) =>
      log.info({ token: 'abc', request: { authorization: 'Bearer abc' } }, 'hello'),
    );
    expect(line).toMatchObject({ token: '[redacted]', request: { authorization: '[redacted]' } });
  });
});
