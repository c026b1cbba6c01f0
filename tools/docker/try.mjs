/**
 * Builds all images and runs them for real: `node tools/docker/try.mjs [--stand-ins] [--keep]`, as root, after a build of
 * the workspace. It starts a Docker engine of its own and stops it again; with DOCKER_HOST set it uses that one.
 *
 *   --stand-ins  makes the images of others from Debian's packages, where no image registry can be reached
 *   --no-build   takes the images as they are
 *   --keep FOLDER  keeps the engine's data there for the next time
 */
import { mkdtempSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { run, startEngine } from './engine.mjs';
import { checkAgain, doMainJob } from './family.mjs';
import { describeImage, searchImage } from './images.mjs';
import { makeStandIns } from './stand-ins.mjs';

const root = join(import.meta.dirname, '../..');
const SERVICES = ['auth', 'vault', 'sharing-policy', 'integrity-checker'];
const APPS = ['home', 'setup', 'web-server', ...SERVICES];
const IMAGES = {
  base: 'debian:bookworm-slim',
  node: 'node:24.21.0-bookworm-slim',
  postgres: 'postgres:18.1-bookworm',
  nats: 'nats:2.12.1-alpine',
  redis: 'valkey/valkey:8.1.4-bookworm',
  nginx: 'nginx:1.28.0-bookworm',
};
const { version: VERSION } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const HOME_PORT = '18080';
const HTTPS_PORT = '18443';

const { values: options } = parseArgs({
  options: { 'stand-ins': { type: 'boolean' }, 'no-build': { type: 'boolean' }, keep: { type: 'string' } },
});
const work = mkdtempSync(join(tmpdir(), 'heirloom-docker-'));
const say = (line) => console.error(`[${performance.now().toFixed(0).padStart(7)} ms] ${line}`);

await using engine = await openEngine();
const { env } = engine;
if (options['stand-ins']) {
  say('Making stand-ins of the images of others.');
  makeStandIns(env, join(work, 'stand-ins'), IMAGES);
}
const canary = plantCanary();
try {
  if (!options['no-build']) buildImages();
} finally {
  canary.remove();
}
for (const app of APPS) searchImage(env, `heirloom/${app}:${VERSION}`, IMAGES.base, work, [canary.text]);
say(`No secret in any layer of ${APPS.length} images.`);
await tryHome();
await tryCluster();
say('All of it worked.');

async function openEngine() {
  const own = process.env.DOCKER_HOST === undefined;
  const started = own
    ? await startEngine(options.keep ?? join(work, 'engine'))
    : { env: process.env, stop: () => {} };
  return {
    env: started.env,
    [Symbol.asyncDispose]: async () => {
      await started.stop();
      rmSync(work, { recursive: true, force: true });
    },
  };
}

/** Secrets lie about in a folder where somebody runs Heirloom: none of them may reach an image. */
function plantCanary() {
  const text = `canary-${Math.random().toString(36).slice(2)}-${process.pid}`;
  const folders = ['data/secrets', 'docker/secrets', 'libs/contracts/dist'].map((name) => join(root, name));
  const files = folders.map((folder) => {
    mkdirSync(folder, { recursive: true });
    return join(folder, 'canary.txt');
  });
  for (const file of files) writeFileSync(file, text);
  return { text, remove: () => files.forEach((file) => rmSync(file)) };
}

function buildImages() {
  for (const app of APPS) {
    const args = ['build', '--network', 'host', '--file', 'docker/Dockerfile', '--build-arg', `APP=${app}`];
    run('docker', [...args, '--tag', `heirloom/${app}:${VERSION}`, '.'], { env, cwd: root });
    say(describeImage(env, `heirloom/${app}:${VERSION}`));
  }
}

function compose(file, project, extra = {}) {
  const all = { ...env, ...extra };
  return (...words) =>
    run('docker-compose', ['--project-name', project, '--file', join(root, 'docker', file), ...words], {
      env: all,
    });
}

async function tryHome() {
  const up = compose('compose.yaml', 'heirloom-try', {
    HEIRLOOM_HOST_PORT: HOME_PORT,
    HEIRLOOM_PUBLIC_URL: `http://localhost:${HOME_PORT}`,
  });
  try {
    up('up', '--detach', '--no-build');
    const id = up('ps', '--quiet', 'home');
    await healthy(id);
    const server = `http://localhost:${HOME_PORT}`;
    say(`home: ${doMainJob(server, join(work, 'home'))}.`);
    say(`home: ${confinement(id)}.`);
    up('restart', '--timeout', '60', 'home');
    await healthy(id);
    checkAgain(server, join(work, 'home'));
    say('home: after a restart everything is there and verified.');
  } catch (error) {
    console.error(up('logs', '--tail=60'));
    throw error;
  } finally {
    up('down', '--volumes', '--timeout', '60');
  }
}

async function tryCluster() {
  const secrets = join(work, 'secrets');
  const mount = ['--volume', `${secrets}:/secrets`, '--user', '0:0', '--network', 'none'];
  mkdirSync(secrets, { recursive: true });
  run('docker', ['run', '--rm', ...mount, `heirloom/setup:${VERSION}`, 'compose', '/secrets'], { env });
  const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost'];
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2'];
  const certificate = join(secrets, 'tls.crt');
  run('openssl', [
    'req',
    '-x509',
    ...key,
    ...subject,
    '-keyout',
    join(secrets, 'tls.key'),
    '-out',
    certificate,
  ]);
  run('chmod', ['644', join(secrets, 'tls.key')]);
  const up = compose('compose.cluster.yaml', 'heirloom-cluster-try', {
    HEIRLOOM_HTTPS_LISTEN: `127.0.0.1:${HTTPS_PORT}`,
    HEIRLOOM_SECRETS: secrets,
  });
  try {
    up('up', '--detach', '--no-build');
    for (const name of [...SERVICES, 'web']) await healthy(up('ps', '--quiet', name));
    const trust = { NODE_EXTRA_CA_CERTS: certificate };
    say(`cluster: ${doMainJob(`https://localhost:${HTTPS_PORT}`, join(work, 'cluster'), trust)}.`);
    for (const name of [...SERVICES, 'web']) say(`${name}: ${confinement(up('ps', '--quiet', name))}.`);
    say(`cluster: ${tlsVersions(certificate)}.`);
    say(`cluster: ${pages(`https://localhost:${HTTPS_PORT}/`, certificate)}.`);
    const texts = readdirSync(secrets)
      .filter((name) => /key|password|setup|secret/.test(name))
      .map((name) => readFileSync(join(secrets, name), 'utf8').trim())
      // Users and what is empty are none.
      .filter((text) => text.length >= 16);
    for (const app of APPS) searchImage(env, `heirloom/${app}:${VERSION}`, IMAGES.base, work, texts);
    say(`cluster: none of ${texts.length} secrets is in an image.`);
  } catch (error) {
    console.error(up('logs', '--tail=40'));
    throw error;
  } finally {
    up('down', '--volumes', '--timeout', '60');
  }
}

async function healthy(id) {
  for (let tries = 0; tries < 240; tries += 1) {
    const state = run('docker', ['inspect', '--format', '{{.State.Status}} {{.State.Health.Status}}', id], {
      env,
    });
    if (state === 'running healthy') return;
    if (state.startsWith('exited')) break;
    await sleep(500);
  }
  throw new Error(
    `the container did not become healthy\n${run('docker', ['logs', '--tail', '40', id], { env })}`,
  );
}

/** What a container may do, asked from inside it. */
function confinement(id) {
  const inside = (script) => run('docker', ['exec', id, 'node', '-e', script], { env });
  const user = inside('console.log(process.getuid())');
  if (user === '0') throw new Error('it runs as root');
  const write =
    "try { fs.writeFileSync('/app/x', ''); console.log('written') } catch (e) { console.log(e.code) }";
  const refused = inside(`const fs = require('node:fs'); ${write}`);
  if (refused !== 'EROFS') throw new Error(`the root file system is not read-only: ${refused}`);
  const status = inside("console.log(require('node:fs').readFileSync('/proc/1/status', 'utf8'))");
  const [capabilities, privileges] = [/^CapBnd:\s+0+$/m, /^NoNewPrivs:\s+1$/m].map((line) =>
    line.test(status),
  );
  if (!capabilities || !privileges) throw new Error('it has capabilities, or may get some');
  return `user ${user}, read-only, no capabilities, no new privileges`;
}

function tlsVersions(certificate) {
  const connect = (version) => [
    's_client',
    '-connect',
    `localhost:${HTTPS_PORT}`,
    '-CAfile',
    certificate,
    version,
  ];
  run('openssl', [...connect('-tls1_3'), '-verify_return_error'], { input: '' });
  let isOldRefused = false;
  try {
    run('openssl', connect('-tls1_2'), { input: '' });
  } catch {
    isOldRefused = true;
  }
  if (!isOldRefused) throw new Error('TLS 1.2 is accepted');
  return 'TLS 1.3 is spoken, TLS 1.2 refused';
}

/** The family's page comes by the same way, asked by a program that trusts this certificate. */
function pages(url, certificate) {
  const script = `const r = await fetch('${url}'); console.log(r.status, r.headers.get('content-type'))`;
  const said = run(process.execPath, ['--input-type=module', '-e', script], {
    env: { ...process.env, NODE_EXTRA_CA_CERTS: certificate },
  });
  if (!said.startsWith('200 text/html')) throw new Error(`the page was answered with ${said}`);
  return 'the page is served';
}
