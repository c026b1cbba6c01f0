import { wrap } from 'comlink';
import type { EngineApi } from './engine.ts';
import workerUrl from './engine.worker.ts?worker&url';
import { carryErrors } from './errors.ts';
import { scriptUrl } from './trusted.ts';

let started: Promise<EngineApi> | undefined;

async function start(): Promise<EngineApi> {
  carryErrors();
  const worker = new Worker(scriptUrl(workerUrl), { type: 'module', name: 'heirloom' });
  await new Promise<void>((resolve, reject) => {
    worker.addEventListener('message', () => resolve(), { once: true });
    worker.addEventListener(
      'error',
      ({ message }) => reject(new Error(message || 'the engine did not start')),
      {
        once: true,
      },
    );
  });
  // Every function of the engine is asynchronous already, so it looks the same from here.
  return wrap<EngineApi>(worker) as unknown as EngineApi;
}

/** The engine of this tab, started with the first use. */
export const engine = (): Promise<EngineApi> => (started ??= start());

/** Calls the engine: `ask((engine) => engine.albums.list())`. Rejects with EngineError. */
export const ask = async <T>(work: (engine: EngineApi) => Promise<T>): Promise<T> =>
  await work(await engine());
