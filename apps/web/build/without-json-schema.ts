import type { Plugin } from 'vite';

/** The part of zod that describes schemas as JSON Schema. Each of its schemas refers to it, and nothing here asks for it. */
const describing = /\/zod\/v4\/core\/(json-schema-processors|to-json-schema)\.js$/;
const declared = /^export (?:const|function) (\w+)/gm;
const renamed = /^export \{ \w+ as (\w+) \};/gm;

/** Leaves it out of the first screen, which is 5 KiB of it when compressed. Whoever calls it nevertheless is told. */
export function withoutJsonSchema(): Plugin {
  return {
    name: 'heirloom:without-json-schema',
    transform: (code, id) => {
      if (!describing.test(id)) return null;
      const names = [...code.matchAll(declared), ...code.matchAll(renamed)].map(([, name]) => name);
      if (names.length === 0) throw new Error(`${id} has another form than this build knows`);
      return {
        code: [
          `function refuse() { throw new TypeError('JSON Schema is not part of these pages'); }`,
          `export { ${names.map((name) => `refuse as ${name}`).join(', ')} };`,
        ].join('\n'),
        map: null,
      };
    },
  };
}
