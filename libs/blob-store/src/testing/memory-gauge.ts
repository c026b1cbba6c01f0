import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** Measures the most bytes that buffers take at once, garbage aside, beyond what they took at the start. */
export function memoryGauge(): { sample: () => void; peak: () => number } {
  setFlagsFromString('--expose-gc');
  const collectGarbage = runInNewContext('gc') as () => void;
  const measure = () => {
    collectGarbage();
    return process.memoryUsage().arrayBuffers;
  };
  const startBytes = measure();
  let peakBytes = 0;
  return {
    sample: () => {
      peakBytes = Math.max(peakBytes, measure() - startBytes);
    },
    peak: () => peakBytes,
  };
}
