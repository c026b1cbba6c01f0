/**
 * The web app's timeline with many photos, in the machine's Chromium: time from opening the page to the first thumbnails, frame
 * times while scrolling, and memory after scrolling through all. The photos are generated: sealed objects whose rows and
 * thumbnails are put into the browser's stores under the person's own keys. The same is measured with a few photos in the same
 * run, so that the figures can be told from the machine's. Needs a build. Usage: node bench/web-timeline.mjs [photos]
 */
/* global TextEncoder, TextDecoder, atob, crypto, document, indexedDB, requestAnimationFrame, window */
import path from 'node:path';
import sharp from 'sharp';
import { decodeProfile, LocalSeal, openAccount, ownLibrary, PhotoIndex } from '@heirloom/client';
import { newId } from '@heirloom/contracts';
import { digestSource, openFileKey, planObject, sealObject } from '@heirloom/crypto';
import { findPart, metadataFormat } from '@heirloom/formats';
import { nodePorts } from '../apps/cli/dist/ports/node-ports.js';
import { launchChromium } from '../apps/e2e/dist/browser/chromium.js';
import { Visitor } from '../apps/e2e/dist/browser/visitor.js';
import { CliDevice } from '../apps/e2e/dist/cli/cli.js';
import { boot } from '../apps/e2e/dist/system/boot.js';

const many = Number(process.argv[2] ?? 50_000);
const few = 200;
const batch = 500;
const password = 'correct horse battery';
const say = (line) => process.stdout.write(`${line}\n`);

/** Thumbnails of some shapes and colours; each photo seals one of them under a key of its own. */
async function makeThumbnails() {
  const sizes = [
    [320, 213],
    [240, 320],
    [320, 180],
    [320, 320],
  ];
  const make = async (i) => {
    const [width, height] = sizes[i % sizes.length];
    const background = { r: (i * 67) % 256, g: (i * 131) % 256, b: (i * 29) % 256 };
    const bytes = await sharp({ create: { width, height, channels: 3, background } })
      .jpeg()
      .toBuffer();
    return { width, height, bytes: new Uint8Array(bytes) };
  };
  return await Promise.all(Array.from({ length: 16 }, (_, i) => make(i)));
}

function metadataOf(i, { width, height }, size, sha256) {
  const takenAt = new Date(Date.UTC(2025, 5, 30) - i * 7_000_000);
  const rendition = { width, height, mediaType: 'image/jpeg' };
  return {
    name: `IMG_${i}.jpg`,
    mediaType: 'image/jpeg',
    size,
    sha256,
    takenAt: { local: takenAt.toISOString().slice(0, 19) },
    width: width * 10,
    height: height * 10,
    camera: { make: 'Canon', model: i % 2 ? 'EOS R5' : 'EOS R6' },
    thumbnail: rendition,
  };
}

async function generate(account, index, thumbnail, i) {
  const ports = nodePorts;
  const library = ownLibrary(account);
  const original = new TextEncoder().encode(`photo ${i}`);
  const digest = await digestSource(original, ports);
  const metadata = metadataOf(i, thumbnail, original.length, digest.sha256);
  const sources = { thumbnail: thumbnail.bytes, metadata: metadataFormat.encode(metadata), original };
  const parts = [
    { label: 'thumbnail', digest: await digestSource(sources.thumbnail, ports) },
    { label: 'metadata', digest: await digestSource(sources.metadata, ports) },
    { label: 'original', digest },
  ];
  const { accountId: author, deviceId: device } = account.profile;
  const ids = { photo: newId(), version: newId(), author, device, createdAt: Date.now() };
  const owner = { library: library.libraryId, epoch: library.epoch, key: library.key };
  const plan = await planObject(ids, owner, parts);
  const sealing = sealObject(plan, {
    sources,
    libraryKey: library.key,
    signer: account.identity.signer,
    ports,
  });
  const pieces = [];
  for await (const piece of sealing) pieces.push(piece);
  const object = Buffer.concat(pieces);
  const { name, length, manifest, trailer } = sealing.result;
  const row = await index.rowOf({
    photo: ids.photo,
    version: ids.version,
    library: library.libraryId,
    object: name,
    objectBytes: length,
    committedAt: Date.now(),
    trailer,
    fileKey: await openFileKey(library.key, plan.wrap, plan.version),
    metadata,
    problem: null,
  });
  const part = findPart(manifest, 'thumbnail');
  const text = (data) => Buffer.from(data).toString('base64');
  return {
    id: row.id,
    contentKey: text(row.contentKey),
    sealed: text(row.sealed),
    partKey: `${ids.version}/thumbnail`,
    part: text(object.subarray(part.offset, part.offset + part.length)),
  };
}

/** In the page: the profile of this browser, opened by the key that the browser keeps for it. */
const readProfile = async () => {
  const opening = indexedDB.open('heirloom');
  await new Promise((resolve) => (opening.onsuccess = resolve));
  const store = opening.result.transaction('kept').objectStore('kept');
  const get = (key) =>
    new Promise((resolve) => (store.get(key).onsuccess = ({ target }) => resolve(target.result)));
  const [{ profile }, key] = await Promise.all([get('profile'), get('open-key')]);
  const plain = await crypto.subtle.decrypt({ name: 'AES-GCM', iv: profile.iv }, key, profile.bytes);
  opening.result.close();
  return new TextDecoder().decode(plain);
};

/** In the page: puts generated photos where a sync would have put them. */
const store = async ({ feed, photos }) => {
  const bytes = (text) => Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
  const opening = indexedDB.open('heirloom');
  await new Promise((resolve) => (opening.onsuccess = resolve));
  const transaction = opening.result.transaction(['rows', 'parts', 'snapshots', 'changes'], 'readwrite');
  for (const { id, contentKey, sealed, partKey, part } of photos) {
    transaction.objectStore('rows').put({ feed, id, contentKey: bytes(contentKey), sealed: bytes(sealed) });
    transaction.objectStore('changes').put({ feed, id, stamp: id });
    const sealedPart = bytes(part);
    transaction
      .objectStore('parts')
      .put({ key: partKey, bytes: sealedPart, size: sealedPart.length, usedAt: Date.now() });
  }
  await new Promise((resolve, reject) => {
    transaction.oncomplete = resolve;
    transaction.onerror = () => reject(transaction.error);
  });
  opening.result.close();
};

const countSnapshots = async () => {
  const opening = indexedDB.open('heirloom');
  await new Promise((resolve) => (opening.onsuccess = resolve));
  const request = opening.result.transaction('snapshots').objectStore('snapshots').count();
  await new Promise((resolve) => (request.onsuccess = resolve));
  opening.result.close();
  return request.result;
};

/** In the page: scrolls so many frames, and tells how long each took in milliseconds. */
const scrollFrames = (frames) =>
  new Promise((resolve) => {
    const times = [];
    let before = performance.now();
    const step = (now) => {
      times.push(now - before);
      before = now;
      window.scrollBy(0, 90);
      if (times.length < frames) requestAnimationFrame(step);
      else resolve(times.slice(1));
    };
    requestAnimationFrame(step);
  });

async function untilShown(page) {
  const before = performance.now();
  await page.reload({ waitUntil: 'commit' });
  await page.locator('img[data-state=shown]').first().waitFor({ timeout: 600_000 });
  return performance.now() - before;
}

async function measure(visitor, label) {
  const { page } = visitor;
  const first = await untilShown(page);
  for (let i = 0; i < 100 && (await page.evaluate(countSnapshots)) === 0; i += 1)
    await page.waitForTimeout(200);
  const again = await untilShown(page);
  const frames = (await page.evaluate(scrollFrames, 400)).sort((a, b) => a - b);
  const at = (share) => frames[Math.floor((frames.length - 1) * share)];
  const height = await page.evaluate(() => document.documentElement.scrollHeight);
  for (let top = 0; top < height; top += Math.max(900, height / 400)) {
    await page.evaluate((to) => window.scrollTo(0, to), top);
    await page.waitForTimeout(20);
  }
  const cdp = await visitor.context.newCDPSession(page);
  await cdp.send('HeapProfiler.enable');
  await cdp.send('HeapProfiler.collectGarbage');
  await cdp.send('Performance.enable');
  const { metrics } = await cdp.send('Performance.getMetrics');
  const metric = (name) => metrics.find((one) => one.name === name)?.value ?? 0;
  const figures = {
    'first opening, without a snapshot, ms': first,
    'opening to first thumbnails, ms': again,
    'frame p50, ms': at(0.5),
    'frame p95, ms': at(0.95),
    'frame max, ms': at(1),
    'page heap after scrolling through all, MiB': metric('JSHeapUsedSize') / 2 ** 20,
    'tiles in the page': await page.locator('[data-place]').count(),
  };
  say(`\n${label}`);
  for (const [name, value] of Object.entries(figures))
    say(`  ${name.padEnd(46)} ${value.toFixed(1).padStart(10)}`);
  return figures;
}

await using scene = await boot('home');
const device = new CliDevice(path.join(scene.folder, 'cli'), scene.system.address, password);
await device.signUp('Ada', 'ada@example.org');
const browser = await launchChromium();
try {
  await using visitor = await Visitor.arrive(browser, scene.system.address);
  const { page } = visitor;
  await visitor.open('/sign-in');
  await page.getByLabel('E-mail').fill('ada@example.org');
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('heading', { name: 'No photos yet' }).waitFor();
  const profile = decodeProfile(await page.evaluate(readProfile));
  const keep = { load: async () => profile, save: async () => undefined, clear: async () => undefined };
  const account = await openAccount(keep, { ports: nodePorts });
  const { libraryId: feed } = ownLibrary(account);
  const index = new PhotoIndex(null, new LocalSeal(profile), feed);
  const thumbnails = await makeThumbnails();
  const fill = async (from, to) => {
    for (let at = from; at < to; at += batch) {
      const places = Array.from({ length: Math.min(batch, to - at) }, (_, i) => at + i);
      const photos = await Promise.all(
        places.map((i) => generate(account, index, thumbnails[i % thumbnails.length], i)),
      );
      await page.evaluate(store, { feed, photos });
      if (process.stderr.isTTY) process.stderr.write(`\r${at + places.length} photos generated`);
    }
  };
  await fill(0, few);
  const little = await measure(visitor, `${few} photos`);
  await fill(few, many);
  const much = await measure(visitor, `${many} photos`);
  say(`\n${many} photos against ${few}:`);
  for (const name of Object.keys(much))
    say(`  ${name.padEnd(46)} x ${(much[name] / little[name]).toFixed(1)}`);
} finally {
  await browser.close();
}
