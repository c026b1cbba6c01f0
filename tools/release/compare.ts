import type { Schema, Spoken, Wire } from './wire.ts';

/**
 * Why a version could not work side by side with the one before. While a release rolls out, old clients and services ask
 * new ones, and new ones ask old ones; so whatever was spoken must go on being understood.
 *
 * - a route or message may come, none may go, move, or ask for another permission;
 * - whoever asks may leave out what is new, and may go on sending what was known;
 * - an answer keeps every field that it had, and says nothing in a field that an old reader would refuse.
 *
 * @returns a sentence for each contradiction
 */
export function contradictions(before: Wire, now: Wire): string[] {
  return Object.entries(before).flatMap(([id, old]) => {
    const fresh = now[id];
    return fresh ? compareSpoken(id, old, fresh) : [`${id} is gone.`];
  });
}

function compareSpoken(id: string, old: Spoken, fresh: Spoken): string[] {
  const moved = old.address === fresh.address ? [] : [`${id} moved from ${old.address} to ${fresh.address}.`];
  const closed = old.access === fresh.access ? [] : [`${id} asks for another permission: ${fresh.access}.`];
  const sent = Object.entries(old.sent).flatMap(([place, schema]) =>
    compare(`${id} ${place}`, schema, fresh.sent[place] ?? {}, 'sent'),
  );
  return [...moved, ...closed, ...sent, ...compare(`${id} answer`, old.answered, fresh.answered, 'answered')];
}

type Way = 'sent' | 'answered';

/** `sent`: what the old side sends, the new one must take. `answered`: what the new side sends, the old one must take. */
function compare(at: string, old: Schema, fresh: Schema, way: Way): string[] {
  if (JSON.stringify(old) === JSON.stringify(fresh)) return [];
  if (old['type'] === 'object' && fresh['type'] === 'object' && fresh['properties'])
    return compareObjects(at, old, fresh, way);
  if (old['type'] === 'array' && fresh['type'] === 'array') {
    const items = compare(`${at}[]`, (old['items'] ?? {}) as Schema, (fresh['items'] ?? {}) as Schema, way);
    return [...items, ...compareBounds(at, old, fresh, way)];
  }
  if (Array.isArray(old['enum']) && Array.isArray(fresh['enum'])) return compareWords(at, old, fresh, way);
  if (shapeOf(old) !== shapeOf(fresh)) return [`${at} is of another form.`];
  return compareBounds(at, old, fresh, way);
}

function compareObjects(at: string, old: Schema, fresh: Schema, way: Way): string[] {
  const [had, has] = [propertiesOf(old), propertiesOf(fresh)];
  const [needed, needs] = [requiredOf(old), requiredOf(fresh)];
  const asked = needs.filter((name) => !needed.includes(name));
  const given = needed.filter((name) => !needs.includes(name));
  const isStrict = (way === 'sent' ? fresh : old)['additionalProperties'] === false;
  const [sender, taker] = way === 'sent' ? [had, has] : [has, had];
  const unknown = isStrict && way === 'sent' ? Object.keys(sender).filter((name) => !(name in taker)) : [];
  return [
    ...(way === 'sent' ? asked.map((name) => `${at}.${name} must be sent now.`) : []),
    ...(way === 'answered' ? given.map((name) => `${at}.${name} may be missing now.`) : []),
    ...unknown.map((name) => `${at}.${name} is not taken any more.`),
    ...Object.keys(had).flatMap((name) =>
      has[name] ? compare(`${at}.${name}`, had[name]!, has[name], way) : [],
    ),
  ];
}

function compareWords(at: string, old: Schema, fresh: Schema, way: Way): string[] {
  const [had, has] = [old['enum'] as unknown[], fresh['enum'] as unknown[]];
  const [sender, taker] = way === 'sent' ? [had, has] : [has, had];
  return sender
    .filter((word) => !taker.includes(word))
    .map((word) => `${at} "${String(word)}" is not understood by both.`);
}

/** Limits may widen for what is taken, and narrow for what is answered. */
function compareBounds(at: string, old: Schema, fresh: Schema, way: Way): string[] {
  const [sender, taker] = way === 'sent' ? [old, fresh] : [fresh, old];
  const number = (schema: Schema, key: string, otherwise: number) =>
    typeof schema[key] === 'number' ? schema[key] : otherwise;
  const upper = ['maximum', 'maxLength', 'maxItems'].filter(
    (key) => number(sender, key, Infinity) > number(taker, key, Infinity),
  );
  const lower = ['minimum', 'minLength', 'minItems'].filter(
    (key) => number(sender, key, -Infinity) < number(taker, key, -Infinity),
  );
  return [...upper, ...lower].map((key) => `${at}: ${key} leaves one side outside of what the other takes.`);
}

/** All of a schema but its limits, which are compared as numbers. */
function shapeOf(schema: Schema): string {
  const limits = /^(maximum|maxLength|maxItems|minimum|minLength|minItems|items)$/;
  return JSON.stringify(Object.entries(schema).filter(([key]) => !limits.test(key)));
}

const propertiesOf = (schema: Schema) => (schema['properties'] ?? {}) as Record<string, Schema>;
const requiredOf = (schema: Schema) => (schema['required'] ?? []) as string[];
