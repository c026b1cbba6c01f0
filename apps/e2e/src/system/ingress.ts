import http from 'node:http';
import { servicePrefix, type ServiceName } from '@heirloom/contracts';

export interface Ingress extends AsyncDisposable {
  port: number;
}

/**
 * What an ingress does in a cluster: one address, the services behind their prefixes and the web
 * pages behind the rest. Bodies stream through; when
 * the service behind is gone the client gets 503, and a cut connection is cut on the other side too.
 */
export async function startIngress(
  portOf: (service: ServiceName) => number,
  webPort: number,
): Promise<Ingress> {
  const server = http.createServer((request, response) => {
    const entry = Object.entries(servicePrefix).find(([, prefix]) => request.url?.startsWith(`${prefix}/`));
    const target = http.request(
      {
        host: '127.0.0.1',
        port: entry ? portOf(entry[0] as ServiceName) : webPort,
        method: request.method,
        path: request.url,
        headers: request.headers,
      },
      (answer) => {
        response.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(response);
        answer.on('error', () => response.destroy());
        answer.on('aborted', () => response.destroy());
      },
    );
    target.on('error', () => {
      if (response.headersSent) response.destroy();
      else response.writeHead(503, { connection: 'close' }).end();
    });
    request.on('aborted', () => target.destroy());
    response.on('close', () => target.destroy());
    request.pipe(target);
  });
  server.requestTimeout = 0;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the ingress has no port');
  return {
    port: address.port,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
