import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';

/** One file of the built pages, in memory: they are a few megabytes. */
export interface WebFile {
  /** As it is asked for, for example `/assets/index-B1x.js`. */
  path: string;
  type: string;
  body: Buffer;
  /** The same, compressed by Brotli when the pages were built. */
  brotli: Buffer | null;
  sha256: string;
}

const types: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.wasm': 'application/wasm',
  '.webmanifest': 'application/manifest+json',
  '.woff2': 'font/woff2',
};

/**
 * Reads the folder that the build of some pages wrote.
 * @param site.at - what their addresses begin with, for example `/admin/`
 * @throws Error with a sentence when there is no `index.html` in it, or a file of a kind that pages do not have
 */
export async function readWebFiles({ folder, at }: { folder: string; at: string }): Promise<WebFile[]> {
  const names = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  const files: WebFile[] = [];
  for (const entry of names) {
    if (!entry.isFile() || entry.name.endsWith('.br')) continue;
    const full = path.join(entry.parentPath, entry.name);
    const type = types[path.extname(entry.name)];
    if (!type) throw new Error(`${full} does not belong to the web pages: build them again.`);
    const body = await readFile(full);
    const name = `${at}${path.relative(folder, full).split(path.sep).join('/')}`;
    const sha256 = createHash('sha256').update(body).digest('hex');
    files.push({
      path: name,
      type,
      body,
      brotli: await readFile(`${full}.br`).catch(() => null),
      sha256,
    });
  }
  if (!files.some((file) => file.path === `${at}index.html`))
    throw new Error(`There are no web pages in ${folder}: build them first.`);
  return files;
}
