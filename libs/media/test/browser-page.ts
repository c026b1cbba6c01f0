/** The page that starts the worker; it keeps what its own policy forbade. The worker's is reported to the server. */
const violations: string[] = [];
addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) =>
  violations.push(`${violatedDirective} ${blockedURI}`),
);

async function runInWorker(encoded: Record<string, string>): Promise<unknown> {
  const samples = Object.fromEntries(
    Object.entries(encoded).map(([name, text]) => [
      name,
      Uint8Array.from(atob(text), (c) => c.charCodeAt(0)),
    ]),
  );
  const worker = new Worker('/browser-entry.js', { type: 'module' });
  const results = await new Promise((resolve, reject) => {
    worker.addEventListener('message', ({ data }) => resolve(data));
    worker.addEventListener('error', ({ message }) => reject(new Error(message)));
    worker.postMessage(samples);
  });
  worker.terminate();
  return { results, violations };
}

Object.assign(globalThis, { runInWorker });

export {};
