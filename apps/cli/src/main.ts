import { setFlagsFromString } from 'node:v8';

// V8's space for young objects stays as small as it is at the start. What passes through a backup is garbage at once, in buffers
// outside of the heap, and is collected only when that space is full: the larger it grew, the more of them would wait.
setFlagsFromString('--semi-space-growth-factor=1');
const { runProgram } = await import('./program.ts');
process.exitCode = await runProgram(process.argv.slice(2), process.env);
