import react from '@vitejs/plugin-react';
import { defaultClientConditions, defineConfig } from 'vite';
import { compressAssets } from '../../tools/vite/compress-assets.ts';

/** Builds the staff's pages into dist/site, for the address /admin. Libraries come from their sources. */
export default defineConfig({
  base: '/admin/',
  plugins: [react(), compressAssets()],
  resolve: { conditions: ['@heirloom/source', ...defaultClientConditions] },
  build: {
    target: 'es2023',
    outDir: 'dist/site',
    // An inline asset would be refused by the content security policy.
    assetsInlineLimit: 0,
    modulePreload: false,
  },
});
