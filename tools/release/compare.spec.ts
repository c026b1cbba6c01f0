import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { allMessages, allRoutes, question, route } from '@heirloom/contracts';
import { z } from 'zod';
import { contradictions } from './compare.ts';
import { wireOf, type Schema, type Spoken, type Wire } from './wire.ts';

const released = join(import.meta.dirname, '../../libs/contracts/released');
const base = { album: z.string().max(10), kind: z.enum(['a', 'b']) };

const requiredOf = (schema: Schema) => (schema['required'] ?? []) as string[];
const one = (body: z.ZodType, output: z.ZodType, path: `/api/${string}` = '/api/auth/one'): Wire =>
  wireOf([route({ id: 'one', service: 'auth', method: 'POST', path, access: 'person', body, output })], []);
const before = one(z.object(base), z.object(base));
const after = (body: z.ZodType, output: z.ZodType = z.object(base)) =>
  contradictions(before, one(body, output));

describe('a version and the one before it', () => {
  it('can always be the same', () => {
    const wire = wireOf(allRoutes, allMessages);
    expect(Object.keys(wire)).toHaveLength(allRoutes.length + allMessages.length);
    expect(contradictions(wire, JSON.parse(JSON.stringify(wire)) as Wire)).toEqual([]);
  });

  it('may differ by what is added', () => {
    expect(after(z.object({ ...base, more: z.string().optional() }))).toEqual([]);
    expect(after(z.object({ ...base, album: z.string().max(20) }))).toEqual([]);
    expect(after(z.object({ ...base, kind: z.enum(['a', 'b', 'c']) }))).toEqual([]);
    expect(after(z.object(base), z.object({ ...base, more: z.string() }))).toEqual([]);
    const wire = wireOf(allRoutes, allMessages);
    const { [Object.keys(wire)[0]!]: _one, ...fewer } = wire;
    expect(contradictions(fewer, wire)).toEqual([]);
  });

  it.each([
    [
      'a field that must be sent',
      z.object({ ...base, more: z.string() }),
      undefined,
      /more must be sent now/,
    ],
    [
      'a field of another type',
      z.object({ ...base, album: z.number() }),
      undefined,
      /album is of another form/,
    ],
    ['a limit that is narrower', z.object({ ...base, album: z.string().max(5) }), undefined, /maxLength/],
    [
      'a word that is not taken',
      z.object({ ...base, kind: z.enum(['a']) }),
      undefined,
      /"b" is not understood/,
    ],
    [
      'an answer without a field',
      z.object(base),
      z.object({ album: z.string().max(10) }),
      /kind may be missing/,
    ],
    [
      'an answer with a new word',
      z.object(base),
      z.object({ ...base, kind: z.enum(['a', 'b', 'c']) }),
      /"c" is not/,
    ],
    [
      'an answer that is longer',
      z.object(base),
      z.object({ ...base, album: z.string().max(20) }),
      /maxLength/,
    ],
  ])('must not differ by %s', (_what, body, output, sentence) => {
    expect(after(body, output)).toEqual([expect.stringMatching(sentence)]);
  });

  it('must not lose or move a route, nor a message', () => {
    expect(contradictions(before, {})).toEqual(['route one is gone.']);
    const moved = one(z.object(base), z.object(base), '/api/auth/two');
    expect(contradictions(before, moved)).toEqual([
      expect.stringMatching(/moved from POST \/api\/auth\/one/),
    ]);
    const asked = (name: string) =>
      wireOf(
        [],
        [question({ service: 'auth', name, peers: ['vault'], input: z.object({}), output: z.object({}) })],
      );
    expect(contradictions(asked('old'), asked('new'))).toEqual(['message auth.old is gone.']);
  });

  it('finds out whichever of our routes and messages is broken', () => {
    const wire = wireOf(allRoutes, allMessages);
    for (const [id, now] of Object.entries(wire)) {
      const broken = (change: Partial<Spoken>) =>
        contradictions({ [id]: now }, { [id]: { ...now, ...change } });
      expect(broken({ address: `${now.address}/moved` })).toHaveLength(1);
      expect(broken({ access: `${now.access} and more` })).toHaveLength(1);
      for (const [place, schema] of Object.entries(now.sent).filter(([, { type }]) => type === 'object')) {
        const required = [...requiredOf(schema), 'somethingNew'];
        expect(broken({ sent: { ...now.sent, [place]: { ...schema, required } } })).toEqual([
          `${id} ${place}.somethingNew must be sent now.`,
        ]);
      }
      const [first, ...others] = requiredOf(now.answered);
      if (first === undefined) continue;
      expect(broken({ answered: { ...now.answered, required: others } })).toEqual([
        `${id} answer.${first} may be missing now.`,
      ]);
    }
  });

  it('contradict each other nowhere: every released version works beside this one', () => {
    const now = wireOf(allRoutes, allMessages);
    for (const file of readdirSync(released).filter((name) => name.endsWith('.json'))) {
      const old = JSON.parse(readFileSync(join(released, file), 'utf8')) as Wire;
      expect([file, contradictions(old, now)]).toEqual([file, []]);
    }
  });
});
