import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { freePort } from '@heirloom/service-kit/testing';
import type { Ingress } from './ingress.ts';
import { Child, eventually, repository } from './processes.ts';

/** One request as nginx saw it: what went on to which process, and how it ended. */
export interface PassedRequest {
  method: string;
  path: string;
  status: number;
  /** The processes that were tried, the last of them answered. */
  ports: number[];
  requestBytes: number;
}

export interface Nginx extends Ingress {
  requests(): Promise<PassedRequest[]>;
}

/**
 * A real nginx with the configuration that docker/compose.cluster.yaml gives it, but for TLS and the names of containers:
 * here a service is the list of its processes' ports.
 */
export async function startNginx(
  folder: string,
  upstreams: Readonly<Record<string, readonly number[]>>,
): Promise<Nginx> {
  const place = path.join(folder, 'nginx');
  await mkdir(place, { recursive: true });
  const port = await freePort();
  const template = await readFile(path.join(repository, 'docker/nginx.conf'), 'utf8');
  const config = path.join(place, 'nginx.conf');
  await writeFile(config, adapt(template, place, port, upstreams));
  const child = new Child('nginx', 'nginx', ['-p', place, '-c', config, '-g', 'daemon off;'], {
    logFile: path.join(place, 'out.log'),
  });
  try {
    await eventually('nginx listening', async () => {
      if (!child.running) throw new Error(`nginx has ended; see ${place}`);
      return (await fetch(`http://127.0.0.1:${port}/`)).status > 0;
    });
  } catch (error) {
    await child.stop();
    throw error;
  }
  return {
    port,
    requests: async () =>
      (await readFile(path.join(place, 'access.log'), 'utf8')).split('\n').filter(Boolean).map(parse),
    [Symbol.asyncDispose]: async () => void (await child.stop()),
  };
}

function adapt(
  template: string,
  place: string,
  port: number,
  upstreams: Readonly<Record<string, readonly number[]>>,
): string {
  // One that refused a connection is tried again with the next request: an ingress knows who is ready, nginx does not.
  const groups = Object.entries(upstreams).map(
    ([name, ports]) =>
      `upstream ${name} { ${ports.map((one) => `server 127.0.0.1:${one} max_fails=0;`).join(' ')} }`,
  );
  const log = `log_format lines '$request_method $uri $status $request_length $upstream_addr'; access_log ${place}/access.log lines;`;
  return (
    (process.getuid?.() === 0 ? 'user root;\n' : '') +
    template
      .replaceAll('/tmp/', `${place}/`)
      // A pipe of Node's is a socket, which cannot be opened by its name.
      .replace('/dev/stderr', `${place}/error.log`)
      .replace('access_log off;', `${log}\n${groups.join('\n')}`)
      .replace(/^\s*(resolver|ssl_\w+|add_header) .*$/gm, '')
      .replace(/listen .*;/, `listen 127.0.0.1:${port};`)
      .replace('http://$service:8080', 'http://$service')
  );
}

function parse(line: string): PassedRequest {
  const [method = '', uri = '', status, bytes, ...upstreams] = line.split(' ');
  const ports = upstreams
    .join('')
    .split(',')
    .map((address) => Number(address.split(':')[1]));
  return { method, path: uri, status: Number(status), requestBytes: Number(bytes), ports };
}
