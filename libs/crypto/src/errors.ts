import { AppError } from '@heirloom/contracts';

/** What turned out to be damaged, or to be for something else. */
export type DamagedThing =
  | 'header'
  | 'chunk'
  | 'length'
  | 'block'
  | 'object'
  | 'signature'
  | 'signer'
  | 'place'
  | 'wrap'
  | 'sealed-key'
  | 'record'
  | 'commitment'
  | 'unlock'
  | 'identity';

/**
 * Something sealed did not open or verify: it is damaged, cut short, someone changed it, or the key or the place
 * is another one. From the outside these look alike.
 */
export class DamagedError extends AppError {
  readonly thing: DamagedThing;

  constructor(thing: DamagedThing, detail: string, cause?: unknown) {
    super('damaged', { detail, cause });
    this.name = 'DamagedError';
    this.thing = thing;
  }
}

/**
 * A part's plaintext differs from what its plan was made for. Nothing of the difference was sealed. The answer is
 * a new plan: a new version with a new key.
 */
export class SourceChangedError extends AppError {
  readonly label: string;

  constructor(label: string) {
    super('source-changed');
    this.name = 'SourceChangedError';
    this.label = label;
  }
}
