import { z } from 'zod';
import type { Access } from './access.ts';
import type { ServiceName } from './services.ts';

/**
 * One message between services.
 * - `question`: one instance of the service answers; the caller waits until the deadline.
 * - `work`: one instance of each listening service takes it; nobody waits. It may be lost or repeated.
 * - `broadcast`: every instance of each listening service hears it. It may be lost or repeated.
 */
export interface MessageContract<
  K extends 'question' | 'work' | 'broadcast' = 'question' | 'work' | 'broadcast',
  I extends z.ZodType = z.ZodType,
  O extends z.ZodType = z.ZodType,
> {
  readonly kind: K;
  readonly id: string;
  /** Answers a question; sends work and broadcasts. Subjects begin with its name. */
  readonly service: ServiceName;
  readonly subject: string;
  /** Who asks a question, or who hears work or a broadcast. NATS permissions follow from it. */
  readonly peers: readonly ServiceName[];
  readonly access: Exclude<Access, 'public'>;
  readonly input: I;
  readonly output: O;
  readonly timeoutMs?: number;
}

type Spec<I extends z.ZodType> = Pick<MessageContract, 'service' | 'peers' | 'timeoutMs'> & {
  name: string;
  input: I;
  access?: Exclude<Access, 'public'>;
};

function message<K extends MessageContract['kind'], I extends z.ZodType, O extends z.ZodType>(
  kind: K,
  spec: Spec<I>,
  output: O,
): MessageContract<K, I, O> {
  const id = `${spec.service}.${spec.name}`;
  return {
    kind,
    id,
    subject: `heirloom.${id}`,
    service: spec.service,
    peers: spec.peers,
    access: spec.access ?? 'service',
    input: spec.input,
    output,
    ...(spec.timeoutMs ? { timeoutMs: spec.timeoutMs } : {}),
  };
}

export const question = <I extends z.ZodType, O extends z.ZodType>(spec: Spec<I> & { output: O }) =>
  message('question', spec, spec.output);
export const work = <I extends z.ZodType>(spec: Spec<I>) => message('work', spec, z.undefined());
export const broadcast = <I extends z.ZodType>(spec: Spec<I>) => message('broadcast', spec, z.undefined());

export type MessageInput<M extends MessageContract> = z.output<M['input']>;
export type MessageOutput<M extends MessageContract> = z.output<M['output']>;
