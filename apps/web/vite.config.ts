import react from '@vitejs/plugin-react';
import { defaultClientConditions, defineConfig } from 'vite';
import { compressAssets } from '../../tools/vite/compress-assets.ts';
import { sealServiceWorker } from './build/seal-service-worker.ts';
import { withoutJsonSchema } from './build/without-json-schema.ts';

/** Builds the pages into dist/site. Libraries come from their sources, so that what is not used stays out. */
export default defineConfig({
  plugins: [react(), withoutJsonSchema(), sealServiceWorker(), compressAssets()],
  resolve: { conditions: ['@heirloom/source', ...defaultClientConditions] },
  worker: { format: 'es', plugins: () => [withoutJsonSchema()] },
  build: {
    target: 'es2023',
    outDir: 'dist/site',
    // An inline asset would be refused by the content security policy.
    assetsInlineLimit: 0,
    // The lists of what to fetch early weigh more on the first visit than they save; afterwards all files are kept.
    modulePreload: false,
    manifest: 'build-manifest.json',
    rolldownOptions: {
      input: { index: 'index.html', 'service-worker': 'src/service-worker/service-worker.ts' },
      output: {
        entryFileNames: ({ name }) =>
          name === 'service-worker' ? 'service-worker.js' : 'assets/[name]-[hash].js',
      },
    },
  },
});
