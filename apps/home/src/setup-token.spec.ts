import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  codeOf,
  logInOperator,
  newAuthenticator,
  openOperator,
  setUpOperator,
  type OperatorProfile,
} from '@heirloom/client';
import { staffRoutes } from '@heirloom/contracts';
import { startHome } from './home.ts';

let data: string;
beforeAll(async () => {
  data = await mkdtemp(path.join(os.tmpdir(), 'heirloom-setup-token-'));
});
afterAll(() => rm(data, { recursive: true, force: true }));

const file = () => path.join(data, 'operator-setup-token');
const written = () => readFile(file(), 'utf8');

/** Home on the same data folder, and what it says at its start. */
async function start() {
  const said: string[] = [];
  const env = { HEIRLOOM_DATA: data, HEIRLOOM_PORT: '0', HEIRLOOM_LOG_LEVEL: 'fatal' };
  const home = await startHome(env, { say: (line) => said.push(line) });
  return { home, said: said.join('\n') };
}

function memory() {
  let kept: OperatorProfile | null = null;
  return {
    load: async () => kept,
    save: async (profile: OperatorProfile) => void (kept = profile),
    clear: async () => void (kept = null),
  };
}

describe('the setup token of an installation', () => {
  const who = { email: 'operator@example.org', password: 'password of the operator' };
  const { secret } = newAuthenticator(who.email);
  const shown = () => ({ secret, code: codeOf({ secret }) });
  let token = '';

  it('is shown at the first start and kept for its owner alone', async () => {
    const { home, said } = await start();
    await using _home = home;
    token = (await written()).trim();
    expect(token).toMatch(/^[0-9a-f]{40}$/);
    expect((await stat(file())).mode & 0o777).toBe(0o600);
    expect(said).toContain(token);
    expect(said).toContain(file());
  });

  it('is the same at the next start, is shown no more, and makes an operator', async () => {
    const { home, said } = await start();
    expect((await written()).trim()).toBe(token);
    expect(said).not.toContain(token);
    const server = home.address;
    const wrong = { ...who, server, setupToken: `${token}0`, authenticator: shown() };
    await expect(setUpOperator(memory(), wrong)).rejects.toMatchObject({ code: 'setup-token-invalid' });
    const store = memory();
    await setUpOperator(store, { ...who, server, setupToken: token, authenticator: shown() });
    const { http } = await openOperator(store);
    expect((await http.call(staffRoutes.staff, {})).staff.map(({ email }) => email)).toEqual([who.email]);
    await home.close();
    const [first, second] = (await written()).split('\n');
    expect(first).toBe(token);
    expect(second).toMatch(/has been used/);
    expect((await stat(file())).mode & 0o777).toBe(0o600);
  });

  it('is refused once it was used; without its file there is a new one, for another operator', async () => {
    await rm(file());
    const { home, said } = await start();
    await using _home = home;
    const next = (await written()).trim();
    expect(said).toContain(next);
    expect(next).not.toBe(token);
    const server = home.address;
    const late = { email: 'late@example.org', password: 'password of the late one', server };
    await expect(
      setUpOperator(memory(), { ...late, setupToken: token, authenticator: shown() }),
    ).rejects.toMatchObject({
      code: 'setup-token-invalid',
    });
    await setUpOperator(memory(), { ...late, setupToken: next, authenticator: shown() });
    await expect(
      setUpOperator(memory(), { ...late, setupToken: next, authenticator: shown() }),
    ).rejects.toMatchObject({
      code: 'setup-token-used',
    });
    // The code of now was used, unless its time is over already.
    const code = codeOf({ secret }, new Date(Date.now() + 30_000));
    await logInOperator(memory(), { ...who, server, code });
  });
});
