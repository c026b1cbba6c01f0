import { z } from 'zod';

/** A setting as an operator reads of it. */
export interface SettingDescription {
  name: string;
  purpose: string;
  /** In words, for example `a port number`. */
  type: string;
  isRequired: boolean;
  /** As it would be written; undefined where there is none. */
  byDefault: string | undefined;
  isSecret: boolean;
  example: string | undefined;
}

/** Marks a setting that nobody but its readers may see. */
export const secret = <T extends z.ZodType>(schema: T): T => schema.meta({ secret: true }) as T;

/** What a group of settings says of itself. */
export const describeSettings = (shape: z.ZodObject): SettingDescription[] =>
  Object.entries(shape.shape).map(([name, schema]) => describe(name, schema as z.ZodType));

interface Def {
  type: string;
  innerType?: z.ZodType;
  in?: z.ZodType;
  defaultValue?: unknown;
  entries?: Record<string, string>;
}

function describe(name: string, schema: z.ZodType): SettingDescription {
  const layers = [...layersOf(schema)];
  const said = (key: string) => layers.map((layer) => z.globalRegistry.get(layer)?.[key]).find(Boolean);
  const text = (key: string) => z.string().optional().parse(said(key));
  const defs = layers.map(defOf);
  const fallback = defs.find(({ type }) => type === 'default');
  const choice = defs.find(({ type }) => type === 'enum')?.entries;
  const purpose = text('description') ?? '';
  const example = text('example') ?? /for example (.+?)(?:[;,]? (?:\.\.\.|and |as )|;|$)/.exec(purpose)?.[1];
  return {
    name,
    purpose,
    type: text('type') ?? (choice ? Object.keys(choice).join(', ') : 'text'),
    isRequired: !fallback && !defs.some(({ type }) => type === 'optional'),
    byDefault: fallback ? written(fallback.defaultValue) : undefined,
    isSecret: said('secret') === true,
    example,
  };
}

/** The schema itself, then what it wraps. */
function* layersOf(schema: z.ZodType): Generator<z.ZodType> {
  for (let layer: z.ZodType | undefined = schema; layer;) {
    yield layer;
    const { innerType, in: input }: Def = defOf(layer);
    layer = innerType ?? input;
  }
}

const defOf = (schema: z.ZodType): Def => schema._zod.def as unknown as Def;

const written = (value: unknown): string | undefined =>
  Array.isArray(value) && value.length === 0 ? undefined : String(value);
