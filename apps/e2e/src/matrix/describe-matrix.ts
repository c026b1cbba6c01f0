import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  allMessages,
  allRoutes,
  serviceNames,
  type MessageContract,
  type ServiceName,
} from '@heirloom/contracts';
import { refusalIn } from './answers.ts';
import { belongingsFor } from './aims.ts';
import { cellsOf, isRefusal, passed, type Cell } from './cells.ts';
import { tell, type Heard } from './event-speaker.ts';
import { askers, makeCompany, type Company } from './people.ts';
import { inputFor } from '../refusals/inputs.ts';
import { mintCredential, NatsSpeaker } from '../refusals/messages.ts';
import { requestFor, send } from '../refusals/requests.ts';
import { boot, type Scene } from '../system/boot.ts';
import type { ClusterSystem } from '../system/cluster-system.ts';
import type { TopologyName } from '../system/system.ts';

const minute = 60_000;
const routes = allRoutes.map((route) => [route.id, route] as const);
const messages = allMessages.map((message) => [message.id, message] as const);
const named = ({ aimedAt, asker, allowed }: Cell) => ({ asker: asker.name, aimedAt, allowed });
const ids = (contracts: readonly { id: string }[]) => contracts.map(({ id }) => id).sort();

/** Who may send it: those who ask a question, and the service whose event it is. */
const sendersOf = ({ kind, peers, service }: MessageContract): readonly ServiceName[] =>
  kind === 'question' ? peers : [service];

/** Every route, and over NATS every message, for everyone: what the table permits is done, and nothing else. */
export function describeMatrix(topology: TopologyName): void {
  describe(`the matrix of routes (${topology})`, () => {
    let scene: Scene;
    let company: Company;
    const asked = new Map<string, number>();

    beforeAll(async () => {
      scene = await boot(topology);
      company = await makeCompany(scene);
    }, 5 * minute);
    afterAll(async () => scene?.[Symbol.asyncDispose](), minute);

    it.each(routes)(
      '%s answers each person as the table says',
      async (id, route) => {
        const wrong: object[] = [];
        const cells = cellsOf(id, route.access, company);
        for (const cell of cells) {
          const { asker, things, allowed } = cell;
          const request = requestFor[id]!(belongingsFor(id, things, asker.things));
          const answer = await send(scene.system.address, route, request, await asker.token());
          const { status, code } = refusalIn(route, answer);
          const right = allowed
            ? passed(id, route.access, code)
            : !passed(id, route.access, code) && isRefusal(asker, status);
          if (!right) wrong.push({ ...named(cell), status, code, text: answer.text.slice(0, 200) });
        }
        asked.set(id, cells.length);
        expect(wrong).toEqual([]);
      },
      minute,
    );

    it('has asked every route for everyone', () => {
      expect([...asked.keys()].sort()).toEqual(ids(allRoutes));
      expect([...asked.values()].filter((count) => count < askers.length)).toEqual([]);
      const cells = [...asked.values()].reduce((sum, count) => sum + count, 0);
      process.stderr.write(`matrix (${topology}): ${cells} cells of ${asked.size} routes\n`);
    });

    it('leaves the family as it was', async () => {
      const owner = company.askers.find(({ name }) => name === 'owner')!;
      const list = allRoutes.find(({ id }) => id === 'family.members.list')!;
      const { text } = await send(scene.system.address, list, {}, await owner.token());
      const { members } = list.output.parse(JSON.parse(text)) as { members: { role: string }[] };
      expect(members.map(({ role }) => role).sort()).toEqual(['adult', 'child', 'owner', 'viewer']);
    });

    if (topology !== 'cluster') return;

    describe('and of messages', () => {
      const speakers = new Map<ServiceName, NatsSpeaker>();
      const told = new Map<string, number>();

      beforeAll(async () => {
        for (const name of serviceNames)
          speakers.set(name, await NatsSpeaker.as(name, scene.system as ClusterSystem));
      });
      afterAll(async () => {
        for (const speaker of speakers.values()) await speaker[Symbol.asyncDispose]();
      });

      /** Says it with a credential of the sender, by a NATS user that may. */
      const say = async (
        message: MessageContract,
        { asker, things }: Cell,
        sender: ServiceName | undefined,
      ): Promise<Heard[]> => {
        const { serviceSecret } = scene.system as ClusterSystem;
        const may = sendersOf(message);
        const speaker = speakers.get(sender && may.includes(sender) ? sender : may[0]!)!;
        const to = message.kind === 'question' ? message.service : '*';
        const token = await asker.token();
        const wishes = {
          data: inputFor[message.id]!(things),
          ...(token === undefined ? {} : { token }),
          ...(sender ? { credential: await mintCredential(serviceSecret, { from: sender, to }) } : {}),
        };
        return message.kind === 'question'
          ? [(await speaker.ask(message, wishes)) as Heard]
          : tell(speaker.connection, message, wishes);
      };

      it.each(messages)(
        '%s is taken from those services, and for those people, that the contract names',
        async (id, message) => {
          const wrong: object[] = [];
          const cells = cellsOf(id, message.access, company);
          for (const sender of [undefined, ...serviceNames]) {
            const maySend = sender !== undefined && sendersOf(message).includes(sender);
            for (const cell of cells) {
              const allowed = maySend && cell.allowed;
              const heard = await say(message, cell, sender);
              const all = message.kind === 'question' ? 1 : message.peers.length;
              const right =
                heard.length === all &&
                heard.every(({ error }) => passed(id, message.access, error?.code) === allowed);
              if (!right) wrong.push({ ...named(cell), sender, allowed, heard });
            }
          }
          told.set(id, cells.length * (serviceNames.length + 1));
          expect(wrong).toEqual([]);
        },
        minute,
      );

      it.each(messages)(
        '%s cannot even be sent by other services: NATS refuses them',
        async (id, message) => {
          const strangers = serviceNames.filter((name) => !sendersOf(message).includes(name));
          for (const name of strangers) {
            const wishes = { data: inputFor[id]!(company.targets.shared) };
            await expect(speakers.get(name)!.ask(message, wishes)).rejects.toThrow(/permission/i);
          }
          told.set(id, (told.get(id) ?? 0) + strangers.length);
        },
        minute,
      );

      it('has sent every message for everyone', () => {
        expect([...told.keys()].sort()).toEqual(ids(allMessages));
        expect([...told.values()].filter((count) => count < askers.length * serviceNames.length)).toEqual([]);
        const cells = [...told.values()].reduce((sum, count) => sum + count, 0);
        process.stderr.write(`matrix (cluster): ${cells} cells of ${told.size} messages\n`);
      });
    });
  });
}
