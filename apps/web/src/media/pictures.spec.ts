import { describe, expect, it } from '@jest/globals';
import { Pictures, type Picture } from './pictures.ts';

const ref = (version: string) => ({ collection: 'library', photo: `photo of ${version}`, version });
const settle = () => new Promise((resolve) => setTimeout(resolve, 5));

/** Pictures whose blobs are their versions' names; `bad` is damaged, `far` cannot be fetched. */
function pictures(most: number) {
  const asked: string[] = [];
  const cancelled: number[] = [];
  const tickets = new Map<string, number>();
  let isNear = false;
  const held = new Pictures(
    {
      load: async ({ version }, ticket) => {
        asked.push(version);
        tickets.set(version, ticket);
        if (version === 'bad') throw new Error('damaged');
        if (version === 'far' && !isNear) throw new Error('no network');
        if (version === 'slow') await new Promise(() => undefined);
        return new Blob([version]);
      },
      cancel: (ticket) => cancelled.push(ticket),
      isDamage: (error) => (error as Error).message === 'damaged',
    },
    most,
    0,
  );
  return { held, asked, cancelled, tickets, comeNear: () => (isNear = true) };
}

function watch(held: Pictures, version: string) {
  const seen: Picture[] = [];
  return { seen, end: held.watch(ref(version), (picture) => seen.push(picture)) };
}

describe('pictures on screen', () => {
  it('are fetched once for all that show them, and kept for a while', async () => {
    const { held, asked } = pictures(10);
    const [one, two] = [watch(held, 'a'), watch(held, 'a')];
    await settle();
    expect(asked).toEqual(['a']);
    expect(one.seen.at(-1)).toEqual(two.seen.at(-1));
    const [state] = [one.seen.at(-1)];
    expect(state?.state === 'shown' && (await (await fetch(state.url)).text())).toBe('a');
    one.end();
    two.end();
    watch(held, 'a');
    await settle();
    expect(asked).toEqual(['a']);
  });

  it('lets go of those that were seen longest ago, and of no one that is still shown', async () => {
    const { held } = pictures(2);
    const stays = watch(held, 'stays');
    await settle();
    const first = stays.seen.at(-1);
    for (const version of ['a', 'b', 'c']) {
      const { end } = watch(held, version);
      await settle();
      end();
    }
    expect(held.size).toBe(2);
    expect(held.peek(ref('stays'))).toEqual(first);
    expect(held.peek(ref('a'))).toEqual({ state: 'waiting' });
    expect(held.peek(ref('c')).state).toBe('shown');
  });

  it('takes back requests for what scrolled away', async () => {
    const { held, cancelled, tickets } = pictures(10);
    const { end } = watch(held, 'slow');
    await settle();
    end();
    expect(cancelled).toEqual([tickets.get('slow')]);
    expect(held.size).toBe(0);
  });

  it('tells damage from absence, and asks again for what was absent', async () => {
    const { held, comeNear } = pictures(10);
    const [bad, far] = [watch(held, 'bad'), watch(held, 'far')];
    await settle();
    expect([bad.seen.at(-1), far.seen.at(-1)]).toEqual([{ state: 'damaged' }, { state: 'absent' }]);
    comeNear();
    held.retry();
    await settle();
    expect(bad.seen.at(-1)).toEqual({ state: 'damaged' });
    expect(far.seen.at(-1)?.state).toBe('shown');
  });
});
