import { mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { CliDevice } from '../cli/cli.ts';
import { makeSeededFile } from '../samples/samples.ts';
import type { System } from '../system/system.ts';
import { Load } from './load.ts';

const password = 'correct horse battery';

/**
 * A family that is busy: one backs up, one downloads, devices sign in and out, and the operator's scrubs read everything.
 * Each is a device of its own, driven by the command line.
 */
export class FamilyLoad {
  /** What goes on without an end, and what takes longer: a scrub. */
  static readonly kinds = ['upload', 'download', 'login'] as const;
  readonly load = new Load();
  /** Everything that is uploaded lies below it. */
  readonly photos: string;
  readonly #folder: string;
  readonly #system: System;

  constructor(folder: string, system: System) {
    this.#folder = folder;
    this.#system = system;
    this.photos = path.join(folder, 'photos');
  }

  async device(name: string): Promise<CliDevice> {
    const home = path.join(this.#folder, name, 'profile');
    await mkdir(path.dirname(home), { recursive: true });
    return new CliDevice(home, this.#system.address, password);
  }

  /** @param scrubs - whether the operator's go on too */
  async start({ scrubs = true } = {}): Promise<void> {
    const [camera, reader, operator] = [
      await this.device('camera'),
      await this.device('reader'),
      await this.device('operator'),
    ];
    await camera.signUp('Bruno', 'bruno@example.org');
    await reader.signUp('Ada', 'ada@example.org');
    await reader.ok('backup', await this.#write('album', 3));
    const token = await this.#system.setupToken();
    const who = ['--token', token, '--email', 'op@example.org'];
    await operator.ok('admin', 'setup', '--server', this.#system.address, ...who);
    this.load.repeat('upload', async (round) =>
      camera.run('backup', await this.#write(`photos/round-${round}`, 2)),
    );
    this.load.repeat('download', async (round) => {
      const to = path.join(this.#folder, `got-${round}`);
      const result = await reader.run('get', '--all', '--to', to);
      await rm(to, { recursive: true, force: true });
      return result;
    });
    this.load.repeat('login', (round) => this.#visit(round));
    if (scrubs) this.load.repeat('scrub', () => operator.run('admin', 'scrub', 'start', '--wait'));
  }

  async #visit(round: number) {
    const visitor = await this.device(`visitor-${round}`);
    const who = ['--email', 'bruno@example.org', '--device', `visitor ${round}`];
    const result = await visitor.run('login', '--server', this.#system.address, ...who);
    return result.code === 0 ? await visitor.run('logout') : result;
  }

  async #write(name: string, count: number): Promise<string> {
    const place = path.join(this.#folder, name);
    await mkdir(place, { recursive: true });
    for (let i = 0; i < count; i += 1)
      await makeSeededFile(path.join(place, `${i}.dng`), 2 ** 20, `${name} ${i}`);
    return place;
  }
}
