import { mkdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId } from '@heirloom/contracts';
import sharp from 'sharp';
import { freePort } from '@heirloom/service-kit/testing';
import { matches, searchDatabase, searchFolder } from '../canaries/search.ts';
import { askAsStaff, readLogs, type Said } from '../canaries/staff-answers.ts';
import { needlesFor, type Needle } from '../canaries/encodings.ts';
import { CliDevice } from '../cli/cli.ts';
import { belongingsOf } from '../refusals/belongings.ts';
import { mintToken } from '../refusals/tokens.ts';
import { makeJpeg } from '../samples/samples.ts';
import { boot, topologies, type Scene } from '../system/boot.ts';
import { eventually } from '../system/processes.ts';
import { objectsOf } from '../system/objects.ts';

const password = 'Zitronenfalter-7-Kaffeemühle';
const localPart = 'quittenbaum.hedwig';
const email = `${localPart}@example.org`;
const fileName = 'Heuhaufen_Opa_Wilhelm.jpg';
const camera = 'Kiebitzkamera 3000';
const album = 'Brombeerhecke im August';
const person = 'Hedwig Quittenbaum';
const caption = 'Pflaumenkuchen bei Tante Roswitha';
const deviceName = 'Hedwigs Nähmaschine';

/**
 * Whoever steals the database and the data folder, and whoever runs the server or helps with its accounts, learns none of
 * what was planted in what a person backed up.
 */
describe.each(topologies)('canaries (%s)', (topology) => {
  let scene: Scene;
  let picture: Buffer;
  let planted: Needle[];
  let metricsPort: number | undefined;
  const minute = 60_000;

  beforeAll(async () => {
    // One process can have one port for its figures; those of a cluster have one for each.
    if (topology === 'home') metricsPort = await freePort();
    const env: Record<string, string> =
      metricsPort === undefined ? {} : { HEIRLOOM_METRICS_PORT: String(metricsPort) };
    scene = await boot(topology, { env });
    const folder = path.join(scene.folder, 'photos', 'Kartoffelernte');
    await mkdir(folder, { recursive: true });
    await makeJpeg(path.join(folder, fileName), 77, {
      IFD0: { Make: 'Heirloom', Model: camera },
      IFD3: {
        GPSLatitudeRef: 'N',
        GPSLatitude: '53/1 33/1 12345/1000',
        GPSLongitudeRef: 'E',
        GPSLongitude: '9/1 59/1 54321/1000',
      },
    });
    picture = await readFile(path.join(folder, fileName));
    const laptop = new CliDevice(path.join(scene.folder, 'laptop/profile'), scene.system.address, password);
    await mkdir(path.dirname(laptop.home), { recursive: true });
    await laptop.ok(
      'signup',
      '--server',
      scene.system.address,
      '--name',
      person,
      '--email',
      email,
      '--device',
      deviceName,
    );
    await laptop.ok('backup', path.join(scene.folder, 'photos'), '--album', album);
    type Listing = { photos: { id: string; place: { lat: number }; camera: { model: string } }[] };
    const [stored] = (await laptop.ok<Listing>('ls')).photos;
    await laptop.ok('caption', stored!.id, caption);
    const { photos } = await laptop.ok<Listing>('ls');
    expect(photos[0]).toMatchObject({
      place: { lat: expect.closeTo(53.5534, 3) },
      camera: { model: camera },
      caption,
    });
    await eventually('three copies', async () =>
      (await objectsOf(scene.system)).byLocation.every((names) => names.length === 1),
    );
    planted = [
      ...needlesFor('file name', fileName.replace('.jpg', '')),
      ...needlesFor('folder name', 'Kartoffelernte'),
      ...needlesFor('camera', camera),
      ...needlesFor('album', album),
      ...needlesFor('person', person),
      ...needlesFor('caption', caption),
      ...needlesFor('device', deviceName),
      ...needlesFor('password', password),
      ...needlesFor('latitude', '53.5534'),
      ...needlesFor('picture, begin', picture.subarray(0, 24)),
      ...needlesFor('picture, middle', picture.subarray(picture.length >> 1, (picture.length >> 1) + 24)),
      ...needlesFor('picture, end', picture.subarray(-24)),
      ...needlesFor('thumbnail format', Buffer.from('WEBPVP8')),
    ];
  }, 2 * minute);
  afterAll(async () => scene?.[Symbol.asyncDispose](), minute);

  it(
    'are not in the database',
    async () => {
      expect(await searchDatabase(await scene.system.databaseUrl(), planted)).toEqual([]);
    },
    minute,
  );

  it(
    'are not in the data folder, database files and secrets included',
    async () => {
      expect(await searchFolder(scene.system.dataFolder, planted)).toEqual([]);
    },
    3 * minute,
  );

  it(
    'do not show whose the objects are',
    async () => {
      for (const location of scene.system.locations) {
        expect(await searchFolder(location.path, needlesFor('e-mail', localPart))).toEqual([]);
      }
    },
    minute,
  );

  it(
    'are in nothing that operators and support are shown, in no figure and in no line of a log',
    async () => {
      const answers = await askAsStaff(scene, await belongingsOf(await scene.system.databaseUrl(), email));
      const figures =
        metricsPort === undefined
          ? []
          : [
              {
                where: 'metrics',
                text: await (await fetch(`http://127.0.0.1:${metricsPort}/metrics`)).text(),
              },
            ];
      const logs = await readLogs(scene);
      const search = (said: readonly Said[], needles: readonly Needle[]) =>
        said.flatMap(({ where, text }) => matches(Buffer.from(text), needles, where));
      expect(search([...answers, ...figures, ...logs], planted)).toEqual([]);
      // Accounts are found by their address, so what is shown can be read; figures and logs do not hold that either.
      const address = needlesFor('e-mail', localPart);
      expect(search(answers, address).map(({ where }) => where)).toEqual(
        expect.arrayContaining([
          'auth.staff.accounts.read as operator: 200',
          'auth.staff.accounts.read as support: 200',
        ]),
      );
      expect(search([...figures, ...logs], address)).toEqual([]);
      expect(logs.length).toBeGreaterThan(0);
      expect(answers.filter(({ where }) => where.endsWith('operator: 200')).length).toBeGreaterThan(20);
    },
    minute,
  );

  it(
    'would be found if they were there: a control without sealing',
    async () => {
      const owner = await belongingsOf(await scene.system.databaseUrl(), email);
      const token = await mintToken(await scene.system.tokenKey(), owner);
      const uploadId = newId<string>();
      const unsealed = await sharp(picture).keepMetadata().jpeg().toBuffer();
      const control = Buffer.concat([
        picture,
        unsealed,
        Buffer.from(`${fileName} ${album} ${caption} ${person} ${localPart}`),
      ]);
      const answer = await fetch(new URL('/api/vault/uploads', scene.system.address), {
        method: 'POST',
        headers: {
          authorization: `Bearer ${token}`,
          'tus-resumable': '1.0.0',
          'upload-length': String(control.length + 1), // never complete, so it stays where it is staged
          'upload-metadata': `id ${Buffer.from(uploadId).toString('base64')}`,
          'content-type': 'application/offset+octet-stream',
        },
        body: new Uint8Array(control),
      });
      expect(answer.status).toBe(201);
      const renamed = await fetch(new URL(`/api/auth/devices/${owner.deviceId}`, scene.system.address), {
        method: 'PATCH',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        body: JSON.stringify({ sealedName: Buffer.from(deviceName.padEnd(40)).toString('base64url') }),
      });
      expect(renamed.status).toBe(204);
      const inFiles = new Set(
        (await searchFolder(scene.system.dataFolder, planted)).map(({ canary }) => canary),
      );
      expect([...inFiles]).toEqual(
        expect.arrayContaining([
          'file name',
          'camera',
          'album',
          'caption',
          'person',
          'picture, begin',
          'picture, middle',
          'picture, end',
        ]),
      );
      const inDatabase = (await searchDatabase(await scene.system.databaseUrl(), planted)).map(
        ({ canary }) => canary,
      );
      expect(inDatabase).toContain('device');
      const inLocations = await searchFolder(
        scene.system.locations[0]!.path,
        needlesFor('e-mail', localPart),
      );
      const elsewhere = await searchFolder(scene.system.locations[1]!.path, needlesFor('e-mail', localPart));
      expect(inLocations.length + elsewhere.length).toBeGreaterThan(0);
    },
    3 * minute,
  );
});
