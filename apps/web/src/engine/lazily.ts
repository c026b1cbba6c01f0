type Methods = Record<string, (...args: never[]) => Promise<unknown>>;

/**
 * A part of the engine that is loaded with its first call. What is not needed to show the first photos comes this way, so
 * that they are there sooner.
 */
export function lazily<T extends Methods>(load: () => Promise<T>): T {
  let loaded: Promise<T> | null = null;
  const call =
    (name: string) =>
    async (...args: never[]): Promise<unknown> => {
      const part = await (loaded ??= load());
      const method = part[name];
      if (!method) throw new TypeError(`the engine has no ${name} here`);
      return await method(...args);
    };
  return new Proxy({} as T, { get: (_, name) => (typeof name === 'string' ? call(name) : undefined) });
}
