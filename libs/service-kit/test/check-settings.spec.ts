import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import {
  checkSettings,
  describeSettings,
  jsonSetting,
  portSetting,
  readAllSettings,
  secret,
} from '@heirloom/service-kit';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'heirloom-check-'));
});
afterEach(() => rm(folder, { recursive: true }));

describe('a check of settings', () => {
  const check = async (text: string) => {
    const file = join(folder, 'heirloom.env');
    await writeFile(file, text);
    return checkSettings(file, (env) => readAllSettings([], env));
  };

  it('says that all is clear', async () => {
    const { isClear, lines } = await check(
      '# ours\nHEIRLOOM_PORT=8443\nHEIRLOOM_LOG_LEVEL="warn"\n\nOTHER=1\n',
    );
    expect([isClear, lines.length]).toEqual([true, 1]);
    expect(lines[0]).toMatch(/all 2 settings are clear/);
  });

  it('names everything that is wrong at once, and no value', async () => {
    const { isClear, lines } = await check(
      [
        'HEIRLOOM_PORT=planted',
        'HEIRLOOM_TRANSPORT=nats',
        'HEIRLOOM_NATS_URL=http://planted',
        'HEIRLOOM_SERVICE_SECRET_FILE=/no/such/file',
        'HEIRLOOM_JOBS=redis',
        'HEIRLOOM_PROT=80',
      ].join('\n'),
    );
    expect(isClear).toBe(false);
    const expected = [
      /6 things are wrong/,
      /HEIRLOOM_PORT: must be a port number/,
      /HEIRLOOM_NATS_URL: must be a URL/,
      /HEIRLOOM_SERVICE_SECRET_FILE names a file that cannot be read \(ENOENT\)/,
      /HEIRLOOM_NATS_PASSWORD is not set/,
      /HEIRLOOM_REDIS_URL is not set/,
      /HEIRLOOM_PROT is not a setting. Did you mean HEIRLOOM_PORT/,
    ];
    for (const sentence of expected) expect(lines).toContainEqual(expect.stringMatching(sentence));
    expect(lines).toHaveLength(expected.length);
    expect(lines.join('')).not.toContain('planted');
  });

  it('says when there is no such file', async () => {
    const { isClear, lines } = await checkSettings(join(folder, 'none'), () => undefined);
    expect([isClear, lines[0]]).toEqual([false, expect.stringMatching(/cannot be read \(ENOENT\)/)]);
  });
});

it('settings describe themselves', () => {
  const shape = z.object({
    A: portSetting.default(80).describe('the port, for example 8080'),
    B: secret(jsonSetting(z.array(z.int())))
      .optional()
      .describe('numbers'),
    C: z.enum(['x', 'y']).describe('which'),
  });
  expect(describeSettings(shape)).toEqual([
    {
      name: 'A',
      purpose: 'the port, for example 8080',
      type: 'a port number',
      isRequired: false,
      byDefault: '80',
      isSecret: false,
      example: '8080',
    },
    {
      name: 'B',
      purpose: 'numbers',
      type: 'JSON',
      isRequired: false,
      byDefault: undefined,
      isSecret: true,
      example: undefined,
    },
    {
      name: 'C',
      purpose: 'which',
      type: 'x, y',
      isRequired: true,
      byDefault: undefined,
      isSecret: false,
      example: undefined,
    },
  ]);
});
