import { setFlagsFromString } from 'node:v8';

// V8's space for young objects stays as small as it is at the start. What passes through the vault is garbage at once, in buffers
// outside of the heap, and is collected only when that space is full: the larger it grew, the more of them would wait.
setFlagsFromString('--semi-space-growth-factor=1');
const { runMain } = await import('@heirloom/service-kit');
const { vaultService } = await import('@heirloom/vault');

await runMain([vaultService], { env: process.env, argv: process.argv });
