import './no-eval.ts';
import { canvasDecoder } from '../src/browser/index.ts';
import { suite } from './suite.ts';

export interface BrowserResult {
  name: string;
  /** Undefined when it passed. */
  error?: string;
}

const unpack = async (bytes: Uint8Array<ArrayBuffer>, type: string) => {
  const bitmap = await createImageBitmap(new Blob([bytes], { type }));
  const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
  const context = canvas.getContext('2d');
  context?.drawImage(bitmap, 0, 0);
  const image = context?.getImageData(0, 0, bitmap.width, bitmap.height);
  return { width: bitmap.width, height: bitmap.height, rgba: image?.data ?? new Uint8ClampedArray() };
};

/** A worker: runs the whole suite on the samples that it is sent and answers with the results. */
addEventListener('message', ({ data }: MessageEvent<Record<string, Uint8Array<ArrayBuffer>>>) => {
  void runSuite(data).then((results) => postMessage(results));
});

async function runSuite(samples: Record<string, Uint8Array<ArrayBuffer>>): Promise<BrowserResult[]> {
  const results: BrowserResult[] = [];
  for (const { name, run } of suite({ decoder: canvasDecoder, samples, unpack, hasPosters: true })) {
    try {
      await run();
      results.push({ name });
    } catch (error) {
      results.push({ name, error: String(error) });
    }
  }
  return results;
}
