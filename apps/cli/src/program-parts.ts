import { InvalidArgumentError, type Command } from 'commander';
import type { Context } from './context.ts';
import type { CommandResult } from './output/io.ts';

/** A command's work, with the arguments that commander hands over. */
export type Work<A extends unknown[]> = (context: Context, ...args: A) => Promise<CommandResult>;

/** Makes of a command's work what commander calls: it says what comes of it. */
export type Run = <A extends unknown[]>(work: Work<A>) => (...args: A) => Promise<void>;

export const withJson = (command: Command): Command =>
  command.option('--json', 'print one JSON document, and everything else on stderr');

/** Reads an option's number. */
export const wholeNumber = (text: string): number => {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new InvalidArgumentError('It must be a whole number from 1 on.');
  return Number(text);
};
