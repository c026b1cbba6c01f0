import { readFileSync } from 'node:fs';
import type { z } from 'zod';

export type Environment = Readonly<Record<string, string | undefined>>;

/** The configuration is not clear. The message names each setting and says what it should be; it never holds a value. */
export class ConfigError extends Error {
  constructor(readonly problems: readonly string[]) {
    super(
      `The configuration is not clear, so nothing was started.\n${problems.map((p) => `  - ${p}`).join('\n')}`,
    );
    this.name = 'ConfigError';
  }
}

/** Read by other programs of the project from the same shell; never by a service. */
const settingsOfOthers = ['HEIRLOOM_HOME', 'HEIRLOOM_PASSWORD', 'HEIRLOOM_DATA'];

/**
 * Parses one group of settings out of the environment. A setting `X` may also be given as `X_FILE`, the path of a
 * file that holds it (a trailing line break is dropped). An empty text counts as not set. Answers a frozen object.
 *
 * @throws ConfigError with one sentence for each setting that is missing or malformed.
 */
export function readConfig<C extends z.ZodObject>(shape: C, env: Environment): Readonly<z.output<C>> {
  const { raw, problems } = readEach(shape, env);
  if (problems.length > 0) throw new ConfigError(problems);
  const result = shape.safeParse(raw);
  if (result.success) return deepFreeze(result.data);
  throw new ConfigError([...new Set(result.error.issues.map((issue) => describeIssue(shape, issue, raw)))]);
}

/**
 * Reads each setting by itself: those that can be read, and a sentence for each that cannot. What holds between
 * settings is not looked at.
 */
export function readEach<C extends z.ZodObject>(
  shape: C,
  env: Environment,
): { values: Partial<z.output<C>>; raw: Record<string, string>; problems: string[] } {
  const problems: string[] = [];
  const raw: Record<string, string> = {};
  const values: Record<string, unknown> = {};
  for (const [name, field] of Object.entries(shape.shape)) {
    const before = problems.length;
    const value = readValue(name, env, problems);
    if (problems.length > before) continue;
    if (value !== undefined) raw[name] = value;
    const result = (field as z.ZodType).safeParse(value);
    if (result.success) values[name] = result.data;
    else
      problems.push(
        ...result.error.issues.map((issue) =>
          describeIssue(shape, { ...issue, path: [name, ...issue.path] }, raw),
        ),
      );
  }
  return { values: values as Partial<z.output<C>>, raw, problems: [...new Set(problems)] };
}

function readValue(name: string, env: Environment, problems: string[]): string | undefined {
  const direct = env[name] || undefined;
  const path = env[`${name}_FILE`] || undefined;
  if (direct !== undefined && path !== undefined) {
    problems.push(`${name} and ${name}_FILE are both set; keep one of them.`);
    return undefined;
  }
  if (path === undefined) return direct;
  try {
    return readFileSync(path, 'utf8').replace(/\r?\n$/, '');
  } catch (error) {
    problems.push(
      `${name}_FILE names a file that cannot be read (${(error as NodeJS.ErrnoException).code ?? 'unknown'}).`,
    );
    return undefined;
  }
}

function describeIssue(shape: z.ZodObject, issue: z.core.$ZodIssue, raw: Record<string, string>): string {
  const name = String(issue.path[0] ?? 'The settings');
  const field = shape.shape[name] as z.ZodType | undefined;
  const purpose = field?.description ? ` It is: ${field.description}` : '';
  const inside = issue.path.length > 1 ? ` (at ${issue.path.slice(1).join('.')})` : '';
  if (field && raw[name] === undefined) return `${name} is not set.${purpose}`;
  return `${name}${inside}: ${sentenceOf(issue)}.${purpose}`;
}

/** zod's own sentences do not repeat what was given, except for these. */
function sentenceOf(issue: z.core.$ZodIssue): string {
  if (issue.code === 'unrecognized_keys') return 'has fields that are not known';
  if (issue.code === 'invalid_value') return `must be one of ${issue.values.map(String).join(', ')}`;
  return issue.message.replace(/\.$/, '');
}

/**
 * Refuses names that begin with HEIRLOOM_ and that nobody reads, since they are most often misspelt.
 *
 * @param known names that something in this process reads, without `_FILE`
 * @param foreignPrefixes prefixes of services that do not run here; an environment shared by several is no mistake
 * @throws ConfigError naming each unknown setting and the nearest known one.
 */
export function refuseUnknownSettings(
  known: readonly string[],
  env: Environment,
  foreignPrefixes: readonly string[] = [],
): void {
  const names = new Set([...known, ...settingsOfOthers].flatMap((name) => [name, `${name}_FILE`]));
  const unknown = Object.keys(env).filter(
    (name) =>
      name.startsWith('HEIRLOOM_') &&
      !names.has(name) &&
      !foreignPrefixes.some((prefix) => name.startsWith(prefix)),
  );
  if (unknown.length === 0) return;
  throw new ConfigError(
    unknown.map((name) => {
      const nearest = nearestOf(name, [...names]);
      return `${name} is not a setting.${nearest ? ` Did you mean ${nearest}?` : ''}`;
    }),
  );
}

function nearestOf(name: string, known: readonly string[]): string | undefined {
  const ranked = known.map((candidate) => ({ candidate, distance: editDistance(name, candidate) }));
  ranked.sort((a, b) => a.distance - b.distance);
  const best = ranked[0];
  return best && best.distance <= Math.max(3, name.length / 3) ? best.candidate : undefined;
}

/** Levenshtein distance. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const substitution = row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(next[j - 1]! + 1, row[j]! + 1, substitution));
    }
    row = next;
  }
  return row[b.length]!;
}

function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !ArrayBuffer.isView(value) && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const inner of Object.values(value)) deepFreeze(inner);
  }
  return value;
}
