import { wrap } from 'comlink';
import type { EngineApi } from './engine.ts';
import workerUrl from './engine.worker.ts?worker&url';
import { carryErrors, EngineError } from './errors.ts';
import { scriptUrl } from './trusted.ts';

/** What this tab waits for from its engine; none of it comes when the engine is lost. */
const waiting = new Set<(error: EngineError) => void>();
const lostHearers = new Set<() => void>();
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
  worker.addEventListener('message', ({ data }) => data === 'lost' && loseEngine());
  // Every function of the engine is asynchronous already, so it looks the same from here.
  return wrap<EngineApi>(worker) as unknown as EngineApi;
}

function loseEngine(): void {
  started = undefined;
  const error = new EngineError({ code: null, message: 'the browser has cleared what the engine kept' });
  for (const reject of waiting) reject(error);
  waiting.clear();
  for (const hear of lostHearers) hear();
}

/**
 * Hears that the browser cleared what was kept here. The next question starts a new engine, which knows nobody.
 * @returns what ends it
 */
export function onEngineLost(hear: () => void): () => void {
  lostHearers.add(hear);
  return () => lostHearers.delete(hear);
}

/** The engine of this tab, started with the first use. */
export const engine = (): Promise<EngineApi> => (started ??= start());

/** Calls the engine: `ask((engine) => engine.albums.list())`. Rejects with EngineError. */
export async function ask<T>(work: (engine: EngineApi) => Promise<T>): Promise<T> {
  const api = await engine();
  return await new Promise<T>((resolve, reject) => {
    waiting.add(reject);
    work(api)
      .then(resolve, reject)
      .finally(() => waiting.delete(reject));
  });
}
