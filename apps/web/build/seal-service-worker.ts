import { createHash } from 'node:crypto';
import type { Plugin } from 'vite';

/** Stands in the service worker's source where the list of files goes. */
const placeholder = /(["'`])heirloom:release\1/;
const lazy = /(libheif|mediabunny|zxcvbn|language-common)/;

/**
 * Writes into the service worker which files it keeps for use without a network: the page and what it loads first. A new
 * release changes the list, so browsers see a new service worker.
 */
export function sealServiceWorker(): Plugin {
  return {
    name: 'heirloom:seal-service-worker',
    apply: 'build',
    enforce: 'post',
    generateBundle: (_options, bundle) => {
      const worker = bundle['service-worker.js'];
      if (worker?.type !== 'chunk') return;
      const files = Object.values(bundle)
        .filter(({ fileName }) => fileName.startsWith('assets/') && /\.(js|css|wasm)$/.test(fileName))
        .map(({ fileName }) => `/${fileName}`)
        .sort();
      const first = files.filter((file) => !lazy.test(file));
      const release = createHash('sha256').update(files.join('\n')).digest('hex').slice(0, 16);
      const list = JSON.stringify({ release, files: ['/', '/icons/icon.svg', ...first] });
      if (!placeholder.test(worker.code)) throw new Error('the service worker has no place for its files');
      worker.code = worker.code.replace(placeholder, () => list);
    },
  };
}
