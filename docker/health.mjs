/**
 * Asks this container's own server whether it is alive; ends with 1 when it is not. Home may speak HTTPS with a
 * certificate of its own, which need not be checked on the way to oneself.
 */
import http from 'node:http';
import https from 'node:https';

const port = process.env.HEIRLOOM_PORT ?? '8080';

const isAlive = (client, protocol) =>
  new Promise((resolve) => {
    const url = `${protocol}://127.0.0.1:${port}/health/live`;
    const request = client.get(url, { timeout: 2_000, rejectUnauthorized: false }, (answer) => {
      answer.resume();
      resolve(answer.statusCode === 200);
    });
    request.once('timeout', () => request.destroy());
    request.once('error', () => resolve(false));
  });

process.exitCode = (await isAlive(http, 'http')) || (await isAlive(https, 'https')) ? 0 : 1;
