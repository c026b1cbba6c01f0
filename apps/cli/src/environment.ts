/** What the program takes from its surroundings, read once. */
export interface Environment {
  HEIRLOOM_HOME?: string | undefined;
  HEIRLOOM_PASSWORD?: string | undefined;
  XDG_DATA_HOME?: string | undefined;
}

/** An empty setting counts as none. */
export function readEnvironment(env: Readonly<Record<string, string | undefined>>): Environment {
  return {
    HEIRLOOM_HOME: env.HEIRLOOM_HOME || undefined,
    HEIRLOOM_PASSWORD: env.HEIRLOOM_PASSWORD || undefined,
    XDG_DATA_HOME: env.XDG_DATA_HOME || undefined,
  };
}
