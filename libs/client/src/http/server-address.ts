import { AppError } from '@heirloom/contracts';

const isLoopback = (host: string) =>
  host === 'localhost' || host.endsWith('.localhost') || host === '[::1]' || /^127(\.\d{1,3}){3}$/.test(host);

/**
 * The origin of a server as a person typed it: `photos.example.org`, `https://photos.example.org/`,
 * `localhost:8080`. Without a scheme it is https, or http for this machine itself. Plain http to another machine
 * would show access tokens to the network, so it needs `allowHttp`.
 * @throws AppError `bad-request` with a sentence that says what is wrong.
 */
export function serverOrigin(typed: string, { allowHttp = false } = {}): string {
  const text = typed.trim();
  const bare = !/^[a-z][a-z0-9+.-]*:\/\//i.test(text);
  const url = URL.parse(bare ? `https://${text}` : text);
  if (!url || (url.protocol !== 'https:' && url.protocol !== 'http:')) {
    throw new AppError('bad-request', {
      detail: `"${text}" is not the address of a server. It looks like https://photos.example.org.`,
    });
  }
  if (url.username || url.password || url.search || url.hash || url.pathname !== '/') {
    throw new AppError('bad-request', {
      detail: `The address of a server is a host and perhaps a port: ${url.protocol}//${url.host}`,
    });
  }
  const loopback = isLoopback(url.hostname);
  if (bare && loopback) return `http://${url.host}`;
  if (url.protocol === 'http:' && !loopback && !allowHttp) {
    throw new AppError('bad-request', {
      detail: `http://${url.host} is not encrypted on its way. Use https://${url.host}, or allow plain http explicitly.`,
    });
  }
  return url.origin;
}
