import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { allRoutes, newId, staffRoles, type RouteContract } from '@heirloom/contracts';
import { requestFor, send, type Belongings } from '../refusals/requests.ts';
import { mintToken } from '../refusals/tokens.ts';
import { filesBelow } from '../samples/samples.ts';
import type { Scene } from '../system/boot.ts';

/** Something that was said, and where. */
export interface Said {
  where: string;
  text: string;
}

const isForStaff = ({ access }: RouteContract) => access === 'operator' || access === 'staff';
/** What only shows. Of the others, the answers are of what was sent. */
const isReading = ({ id, method }: RouteContract) => method === 'GET' || id.endsWith('.read');

/** Every answer that an operator and support get about somebody, by all routes that show them anything; exports too. */
export async function askAsStaff({ system }: Scene, about: Belongings): Promise<Said[]> {
  const said: Said[] = [];
  for (const role of staffRoles) {
    const token = await mintToken(await system.tokenKey(), {
      accountId: newId(),
      deviceId: newId(),
      role,
    });
    for (const route of allRoutes.filter((one) => isForStaff(one) && isReading(one))) {
      const request = requestFor[route.id]?.(about);
      if (!request) throw new Error(`no request is known for ${route.id}`);
      const { status, text } = await send(system.address, route, request, token);
      said.push({ where: `${route.id} as ${role}: ${status}`, text });
    }
  }
  return said;
}

/** Every line that the processes have written. */
export async function readLogs({ folder }: Scene): Promise<Said[]> {
  const names = (await filesBelow(folder)).filter((name) => /^[^/]+\.log$/.test(name));
  return Promise.all(
    names.map(async (name) => ({ where: name, text: await readFile(path.join(folder, name), 'utf8') })),
  );
}
