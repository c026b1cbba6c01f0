/** How the program speaks and listens. */
export interface Io {
  /** Results: with `--json` one document, and nothing else ever. */
  out(text: string): void;
  /** Everything else. */
  err(text: string): void;
  /** Whether a person watches what goes to `err`. */
  isWatched: boolean;
  /** Whether there is somebody who can be asked. */
  isAsked: boolean;
  /** Asks for a line. Throws when there is nobody to ask. */
  ask(question: string): Promise<string>;
  /** Asks without showing what is typed. Throws when there is nobody to ask. */
  askSecret(question: string): Promise<string>;
  /** Aborts when the person wants the program to stop. */
  signal: AbortSignal;
}

/** The person stopped the program. */
export class Interrupted extends Error {
  constructor() {
    super('Interrupted.');
    this.name = 'Interrupted';
  }
}

/** What a command has to say. */
export interface CommandResult {
  /** The document of `--json`. */
  document: Record<string, unknown>;
  /** The same for people, in lines. */
  lines: readonly string[];
  /** Sentences that go to stderr in both forms. */
  remarks?: readonly string[];
  /** 0 unless something failed. */
  exitCode?: number;
}

export const exitCodes = { ok: 0, failed: 1, usage: 2, interrupted: 130 } as const;
