import { describe, expect, it } from '@jest/globals';
import {
  booleanSetting,
  ConfigError,
  databaseUrlSetting,
  jsonSetting,
  portSetting,
  readConfig,
  refuseUnknownSettings,
  run,
  secretSetting,
  urlSetting,
  wholeNumberSetting,
} from '@heirloom/service-kit';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { readKitConfig } from '../src/config/kit-config.ts';
import { settingsInForce } from '../src/config/settings-in-force.ts';
import { testService } from './identities.ts';

const shape = z.object({
  HEIRLOOM_DB: databaseUrlSetting.describe('the database'),
  HEIRLOOM_COPIES: wholeNumberSetting({ min: 1, max: 9 }).default(2).describe('how many copies'),
  HEIRLOOM_KEY: secretSetting(4).optional().describe('a key'),
  HEIRLOOM_PLACES: jsonSetting(z.array(z.object({ id: z.string() })))
    .optional()
    .describe('the places'),
  HEIRLOOM_OPEN: booleanSetting.optional(),
});
const db = { HEIRLOOM_DB: 'postgres://user:planted@127.0.0.1/x' };

function problemsOf(read: () => unknown): string {
  try {
    read();
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigError);
    expect((error as Error).message).not.toContain('planted');
    return (error as ConfigError).problems.join('\n');
  }
  throw new Error('nothing was refused');
}

describe('readConfig', () => {
  it('parses, fills in and freezes', () => {
    const config = readConfig(shape, {
      ...db,
      HEIRLOOM_KEY: 'AQIDBA',
      HEIRLOOM_PLACES: '[{"id":"a"}]',
      HEIRLOOM_OPEN: 'true',
    });
    expect(config).toEqual({
      ...db,
      HEIRLOOM_COPIES: 2,
      HEIRLOOM_KEY: Uint8Array.of(1, 2, 3, 4),
      HEIRLOOM_PLACES: [{ id: 'a' }],
      HEIRLOOM_OPEN: true,
    });
    expect(Object.isFrozen(config) && Object.isFrozen(config.HEIRLOOM_PLACES![0])).toBe(true);
  });

  it('counts an empty text as not set', () => {
    expect(readConfig(shape, { ...db, HEIRLOOM_COPIES: '' }).HEIRLOOM_COPIES).toBe(2);
    expect(problemsOf(() => readConfig(shape, { HEIRLOOM_DB: '' }))).toBe(
      'HEIRLOOM_DB is not set. It is: the database',
    );
  });

  it.each([
    [
      { HEIRLOOM_DB: 'mysql://planted' },
      'HEIRLOOM_DB: must be a URL that begins with postgres:// or postgresql://',
    ],
    [{ ...db, HEIRLOOM_COPIES: '2.5' }, 'HEIRLOOM_COPIES: must be a whole number'],
    [
      { ...db, HEIRLOOM_COPIES: '10' },
      'HEIRLOOM_COPIES: Too big: expected number to be <=9. It is: how many copies',
    ],
    [{ ...db, HEIRLOOM_KEY: 'AQ' }, 'HEIRLOOM_KEY: must be 4 random bytes in base64url without padding'],
    [{ ...db, HEIRLOOM_PLACES: '[planted' }, 'HEIRLOOM_PLACES: must be JSON'],
    [{ ...db, HEIRLOOM_PLACES: '[{"id":"planted"},{}]' }, 'HEIRLOOM_PLACES (at 1.id)'],
    [{ ...db, HEIRLOOM_OPEN: 'planted' }, 'HEIRLOOM_OPEN: must be one of true, false'],
  ])('names what is wrong with %j and what it should be', (env, sentence) => {
    expect(problemsOf(() => readConfig(shape, env))).toContain(sentence);
  });

  it('takes a value out of a file', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'heirloom-config-'));
    const path = join(folder, 'key');
    await writeFile(path, 'AQIDBA\n');
    expect(readConfig(shape, { ...db, HEIRLOOM_KEY_FILE: path }).HEIRLOOM_KEY).toEqual(
      Uint8Array.of(1, 2, 3, 4),
    );
    expect(
      problemsOf(() => readConfig(shape, { ...db, HEIRLOOM_KEY: 'AQIDBA', HEIRLOOM_KEY_FILE: path })),
    ).toContain('both set');
    expect(problemsOf(() => readConfig(shape, { ...db, HEIRLOOM_KEY_FILE: `${path}-not` }))).toContain(
      'ENOENT',
    );
    await rm(folder, { recursive: true });
  });
});

describe('unknown settings', () => {
  it('are refused with the nearest name', () => {
    const refused = problemsOf(() =>
      refuseUnknownSettings(['HEIRLOOM_PORT', 'HEIRLOOM_LOCATIONS'], { HEIRLOOM_LOCATION: 'planted' }),
    );
    expect(refused).toBe('HEIRLOOM_LOCATION is not a setting. Did you mean HEIRLOOM_LOCATIONS?');
    expect(problemsOf(() => refuseUnknownSettings(['HEIRLOOM_PORT'], { HEIRLOOM_SOMETHING_ELSE: '1' }))).toBe(
      'HEIRLOOM_SOMETHING_ELSE is not a setting.',
    );
  });

  it('of other programs and of services elsewhere are none of our business', () => {
    const env = {
      PATH: '/bin',
      HEIRLOOM_PORT_FILE: '/x',
      HEIRLOOM_HOME: '/home',
      HEIRLOOM_VAULT_DATABASE_URL: 'x',
    };
    refuseUnknownSettings(['HEIRLOOM_PORT'], env, ['HEIRLOOM_VAULT_']);
    expect(problemsOf(() => refuseUnknownSettings(['HEIRLOOM_PORT'], env))).toContain(
      'HEIRLOOM_VAULT_DATABASE_URL',
    );
  });
});

describe('the settings that all services share', () => {
  it('suffice for one process when left out', () => {
    const config = readKitConfig({});
    expect(config).toMatchObject({
      listenHost: '127.0.0.1',
      port: 8080,
      transport: { kind: 'in-process' },
      jobs: undefined,
    });
    expect(config.serviceSecret).toHaveLength(32);
    expect(readKitConfig({}).serviceSecret).not.toEqual(config.serviceSecret);
  });

  it('belong together', () => {
    const nats = problemsOf(() => readKitConfig({ HEIRLOOM_TRANSPORT: 'nats' }));
    for (const name of ['HEIRLOOM_NATS_URL', 'HEIRLOOM_NATS_PASSWORD', 'HEIRLOOM_SERVICE_SECRET'])
      expect(nats).toContain(`${name} is not set`);
    expect(problemsOf(() => readKitConfig({ HEIRLOOM_JOBS: 'redis' }))).toContain(
      'HEIRLOOM_REDIS_URL is not set',
    );
    expect(problemsOf(() => readKitConfig({ HEIRLOOM_JOBS: 'postgres' }))).toContain(
      'HEIRLOOM_JOBS_DATABASE_URL is not set',
    );
    expect(problemsOf(() => readKitConfig({ HEIRLOOM_PORT: '70000' }))).toContain('HEIRLOOM_PORT');
  });

  it('are all read before anything starts, so that every mistake is named at once', async () => {
    const service = testService(
      'vault',
      {},
      z.object({ HEIRLOOM_VAULT_DATABASE_URL: databaseUrlSetting.describe('its database') }),
    );
    const env = {
      HEIRLOOM_PORT: 'planted',
      HEIRLOOM_PROT: '1',
      HEIRLOOM_AUTH_TOKEN_KEY: 'of another service',
    };
    const refused = await run([service], env).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(ConfigError);
    const { message } = refused as ConfigError;
    expect(message).toContain('HEIRLOOM_PORT: must be a port number');
    expect(message).toContain('HEIRLOOM_VAULT_DATABASE_URL is not set. It is: its database');
    expect(message).toContain('HEIRLOOM_PROT is not a setting. Did you mean HEIRLOOM_PORT?');
    expect(message).not.toContain('HEIRLOOM_AUTH_TOKEN_KEY');
    expect(message).not.toContain('planted');
  });
});

describe('settings in force', () => {
  const shape = z.object({
    HEIRLOOM_PORT: portSetting.default(8080).describe('the port to listen on'),
    HEIRLOOM_PUBLIC_URL: urlSetting('http', 'https').optional().describe('the address of the server'),
    HEIRLOOM_THING_KEY: secretSetting(4).describe('a secret'),
    HEIRLOOM_DISKS: z.string().describe('where photos lie'),
  });
  const key = Buffer.from('keys').toString('base64url');

  it('tell where each comes from, and of secrets whether they are set', async () => {
    const file = join(await mkdtemp(join(tmpdir(), 'heirloom-settings-')), 'disks');
    await writeFile(file, '/srv/disk\n');
    const env = {
      HEIRLOOM_PUBLIC_URL: 'https://anna:sesame@photos.example.org/',
      HEIRLOOM_THING_KEY: key,
      HEIRLOOM_DISKS_FILE: file,
    };
    const settings = settingsInForce([shape], env);
    expect(settings.map(({ name, origin, value, isSet }) => [name, origin, value, isSet])).toEqual([
      ['HEIRLOOM_DISKS', 'file', '/srv/disk', true],
      ['HEIRLOOM_PORT', 'default', '8080', false],
      ['HEIRLOOM_PUBLIC_URL', 'environment', 'https://anna:…@photos.example.org/', true],
      ['HEIRLOOM_THING_KEY', 'environment', null, true],
    ]);
    expect(JSON.stringify(settings)).not.toMatch(new RegExp(`sesame|${key}`));
  });

  it('tell what home made, and what an operator gave home, as it was given', () => {
    const given = { HEIRLOOM_DATA: '/srv/heirloom', HEIRLOOM_DISKS: '' };
    const env = { ...given, HEIRLOOM_DISKS: '/srv/heirloom/disks', HEIRLOOM_THING_KEY: key };
    const home = z.object({
      HEIRLOOM_DATA: z.string().default('./data').describe('the folder'),
      HEIRLOOM_DISKS: z.string().optional().describe('where photos lie'),
    });
    const made = ['HEIRLOOM_DISKS', 'HEIRLOOM_THING_KEY'];
    const settings = settingsInForce([shape], env, { settings: home, env: given, made });
    expect(
      Object.fromEntries(settings.map(({ name, origin, value }) => [name, [origin, value]])),
    ).toMatchObject({
      HEIRLOOM_DATA: ['environment', '/srv/heirloom'],
      HEIRLOOM_DISKS: ['home', '/srv/heirloom/disks'],
      HEIRLOOM_THING_KEY: ['home', null],
      HEIRLOOM_PORT: ['default', '8080'],
    });
  });
});
