import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import {
  createLocations,
  locationConfig,
  locationsConfig,
  locationsOnOneDisk,
  missingCredentials,
} from './index.ts';

const directory = (id: string, path: string, more = {}) => ({ id, driver: 'directory', path, ...more });
const s3 = (id: string, more = {}) => ({
  id,
  driver: 's3',
  endpoint: 'https://s3.example.org',
  bucket: 'photos',
  ...more,
});
const problems = (value: unknown) =>
  locationsConfig
    .safeParse(value)
    .error?.issues.map(({ path, message }) => `${path.join('.')}: ${message}`) ?? [];

describe('the configuration of locations', () => {
  it('is read with its defaults', () => {
    expect(locationConfig.parse(directory('disk-1', '/mnt/disk-1/heirloom'))).toEqual({
      id: 'disk-1',
      region: 'local',
      driver: 'directory',
      path: '/mnt/disk-1/heirloom',
    });
  });

  it.each([
    [[], /expected array to have >=1/],
    [[directory('Disk 1', '/a')], /^0.id: must be lower-case/],
    [[directory('a', 'relative')], /^0.path: must be an absolute path/],
    [[directory('a', '/a', { paht: 1 })], /Unrecognized key/],
    [[{ id: 'a', driver: 'ftp', path: '/a' }], /^0.driver: /],
    [[directory('a', '/a'), directory('a', '/b')], /two locations have the same id/],
    [[directory('a', '/a'), directory('b', '/a')], /two locations have the same path/],
    [[directory('a', '/a'), directory('b', '/x/../a/')], /two locations have the same path/],
    [[s3('a', { endpoint: 'ftp://s3.example.org' })], /^0.endpoint: must be an address/],
    [[s3('a', { endpoint: 'https://s3.example.org/photos' })], /^0.endpoint: .*without a path/],
    [[s3('a', { prefix: 'no-slash' })], /^0.prefix: must be empty or a path/],
    [[s3('a', { secretAccessKey: 'x' })], /Unrecognized key/],
    [[s3('a'), s3('b', { endpoint: 'https://s3.example.org/' })], /two locations have the same path/],
  ])('%j is refused with what is wrong', (value, message) => {
    expect(problems(value)).toEqual([expect.stringMatching(message)]);
  });

  it('is read for a bucket with its defaults, and says whose keys are missing', () => {
    const configs = locationsConfig.parse([s3('a'), s3('b', { prefix: 'b/', credentials: 'reader' })]);
    expect(configs[0]).toEqual({
      ...s3('a'),
      region: 'local',
      prefix: '',
      signingRegion: 'us-east-1',
      credentials: 'default',
    });
    const keys = { accessKeyId: 'key', secretAccessKey: 'secret' };
    expect(missingCredentials(configs)).toEqual(['default', 'reader']);
    expect(missingCredentials(configs, { default: keys })).toEqual(['reader']);
    expect(createLocations(configs, { default: keys, reader: keys }).map(({ driver }) => driver)).toEqual([
      's3',
      's3',
    ]);
  });

  it('makes the locations in its order, before any disk is there', () => {
    const configs = locationsConfig.parse([
      directory('b', '/nowhere/b', { region: 'cellar' }),
      directory('a', '/nowhere/a'),
    ]);
    expect(createLocations(configs).map(({ id, region, driver }) => [id, region, driver])).toEqual([
      ['b', 'cellar', 'directory'],
      ['a', 'local', 'directory'],
    ]);
  });

  it('tells which locations share a disk', async () => {
    const root = await mkdtemp(join(tmpdir(), 'heirloom-config-'));
    try {
      for (const id of ['a', 'b']) await mkdir(join(root, id));
      const here = ['a', 'b'].map((id) => directory(id, join(root, id)));
      const configs = locationsConfig.parse([...here, directory('c', '/proc')]);
      expect(await locationsOnOneDisk(configs)).toEqual([['a', 'b']]);
      const missing = locationsConfig.parse([directory('d', join(root, 'missing'))]);
      await expect(locationsOnOneDisk(missing)).rejects.toMatchObject({ code: 'unavailable' });
    } finally {
      await rm(root, { recursive: true });
    }
  });
});
