import { readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants } from 'node:zlib';
import type { Plugin } from 'vite';

const compress = promisify(brotliCompress);
const worthwhile = /\.(css|html|js|json|svg|wasm|webmanifest)$/;

/** Writes a Brotli copy beside each file that gains by it, so that servers need not compress. */
export function compressAssets(): Plugin {
  let folder = '';
  return {
    name: 'heirloom:compress-assets',
    apply: 'build',
    configResolved: (config) => {
      folder = path.resolve(config.root, config.build.outDir);
    },
    closeBundle: async () => {
      const entries = await readdir(folder, { recursive: true, withFileTypes: true });
      await Promise.all(
        entries
          .filter((entry) => entry.isFile() && worthwhile.test(entry.name))
          .map(({ parentPath, name }) => compressOne(path.join(parentPath, name))),
      );
    },
  };
}

async function compressOne(file: string): Promise<void> {
  const plain = await readFile(file);
  const options = {
    params: { [constants.BROTLI_PARAM_QUALITY]: 9, [constants.BROTLI_PARAM_SIZE_HINT]: plain.length },
  };
  const small = await compress(plain, options);
  if (small.length < plain.length) await writeFile(`${file}.br`, small);
}
