import path from 'node:path';
import { CliDevice } from '../cli/cli.ts';

/** Ada and those whom she invites, each with a device that is driven by the command line. */
export class Household {
  readonly #folder: string;
  readonly #address: string;
  readonly ada: CliDevice;

  /**
   * @param folder in which each has a profile
   * @param address what they are given as --server
   */
  constructor(folder: string, address: string) {
    this.#folder = folder;
    this.#address = address;
    this.ada = this.device('ada');
  }

  device(name: string): CliDevice {
    return new CliDevice(path.join(this.#folder, name, 'profile'), this.#address, `password of ${name}`);
  }

  async found(): Promise<CliDevice> {
    await this.ada.signUp('Ada', 'ada@example.org');
    return this.ada;
  }

  async invite(): Promise<string> {
    return (await this.ada.ok<{ link: string }>('family', 'invite')).link;
  }

  /** What somebody types who has a link and no account. */
  join(name: string, link: string): string[] {
    return ['family', 'accept', link, '--name', name, '--email', `${name}@example.org`];
  }

  async bring(name: string): Promise<CliDevice> {
    const device = this.device(name);
    await device.ok(...this.join(name, await this.invite()));
    return device;
  }

  async share(album: string, name: string, role: 'viewer' | 'contributor' = 'viewer'): Promise<void> {
    await this.ada.ok('album', 'share', album, '--with', `${name}@example.org`, '--role', role);
  }

  /** Gives somebody an album of which their device has not heard yet. */
  async newAlbum(album: string, name: string): Promise<void> {
    await this.ada.ok('album', 'create', album);
    await this.share(album, name);
  }
}
