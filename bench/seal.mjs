/**
 * Throughput of sealing and opening a Cobblestone-256 stream and of making a whole object, by WebCrypto and by
 * node:crypto. Needs a build. Usage: node bench/seal.mjs [MiB]
 */
import { nodePorts } from '../apps/cli/dist/ports/node-ports.js';
import * as crypto from '@heirloom/crypto';

const mib = Number(process.argv[2] ?? 256);
const piece = crypto.randomBytes(65536);
const total = mib * 1024 * 1024;

async function* plaintext() {
  for (let sent = 0; sent < total; sent += piece.length) yield piece;
}

async function rate(run) {
  const before = performance.now();
  await run();
  return mib / ((performance.now() - before) / 1000);
}

async function drain(stream) {
  let bytes = 0;
  for await (const piece of stream) bytes += piece.length;
  return bytes;
}

async function measure(ports) {
  const options = { key: crypto.randomBytes(32), context: new Uint8Array(), ports };
  await drain(crypto.seal(plaintext(), options));
  const seal = await rate(() => drain(crypto.seal(plaintext(), options)));
  const open = await rate(() => drain(crypto.open(crypto.seal(plaintext(), options), options)));
  const id = (n) => `01890000-0000-7000-8000-00000000000${n}`;
  const library = { library: id(1), epoch: 1, key: crypto.randomBytes(32) };
  const metadata = new Uint8Array(300);
  const digest = await crypto.digestSource(plaintext, ports);
  const parts = [
    { label: 'metadata', digest: await crypto.digestSource(metadata, ports) },
    { label: 'original', digest },
  ];
  const ids = { photo: id(2), version: id(3), author: id(4), device: id(5), createdAt: 0 };
  const plan = await crypto.planObject(ids, library, parts);
  const signer = await crypto.signerFromSeed(crypto.randomBytes(32));
  const inputs = { sources: { metadata, original: plaintext }, libraryKey: library.key, signer, ports };
  const object = await rate(() => drain(crypto.sealObject(plan, inputs)));
  return { seal, 'seal and open': open, 'whole object': object };
}

const web = await measure(crypto.webPorts);
const node = await measure(nodePorts);
for (const name of Object.keys(web)) {
  const [w, n] = [web[name], node[name]];
  process.stdout.write(
    `${name.padEnd(14)} WebCrypto ${w.toFixed(0).padStart(5)} MiB/s   node:crypto ${n.toFixed(0).padStart(5)} MiB/s   x ${(n / w).toFixed(1)}\n`,
  );
}
