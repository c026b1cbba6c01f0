import { expect, it } from '@jest/globals';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { freePort } from './free-port.ts';

it('gives no port twice, and each can be listened at', async () => {
  const ports = await Promise.all(Array.from({ length: 300 }, freePort));
  expect(new Set(ports).size).toBe(300);
  const server = createServer().listen(ports[0], '127.0.0.1');
  await once(server, 'listening');
  expect((server.address() as AddressInfo).port).toBe(ports[0]);
  server.close();
  await once(server, 'close');
});
