import { createParamDecorator, UseInterceptors, type ExecutionContext } from '@nestjs/common';
import { EventPattern, MessagePattern } from '@nestjs/microservices';
import type { MessageContract, MessageInput, MessageOutput } from '@heirloom/contracts';
import type { MessageContext } from './message-context.ts';
import { messageOfMethodKey } from './message-metadata.ts';
import { admittedMessage, MessageGate } from './message-gate.ts';

type Answer<O> = O | Promise<O> | (undefined extends O ? void | Promise<void> : never);
type MessageMethod<C extends MessageContract> = (
  input: MessageInput<C>,
  context: MessageContext,
) => Answer<MessageOutput<C>>;

type NestMethod = (data: NonNullable<unknown>, ...rest: unknown[]) => unknown;

const payloadOf = (execution: ExecutionContext): object => execution.switchToRpc().getData<object>();
const Input = createParamDecorator(
  (_data: unknown, execution: ExecutionContext) => admittedMessage(payloadOf(execution)).input,
);
const Context = createParamDecorator(
  (_data: unknown, execution: ExecutionContext) => admittedMessage(payloadOf(execution)).context,
);

/**
 * Binds a controller's method to the message that it handles. The method is called as `(input, context)` with
 * decoded values after the sender was admitted; what it returns is checked, encoded and sent back to who asked.
 */
export function OnMessage<C extends MessageContract>(contract: C) {
  return <M extends MessageMethod<C>>(
    target: object,
    key: string,
    descriptor: TypedPropertyDescriptor<M>,
  ): void => {
    Reflect.defineMetadata(messageOfMethodKey, contract, descriptor.value!);
    const pattern = contract.kind === 'question' ? MessagePattern : EventPattern;
    // Nest types what its transport passes, while the gate below passes what the contract says.
    const method = descriptor as TypedPropertyDescriptor<unknown> as TypedPropertyDescriptor<NestMethod>;
    pattern(contract.subject, { kind: contract.kind })(target, key, method);
    UseInterceptors(MessageGate)(target, key, descriptor);
    Input()(target, key, 0);
    Context()(target, key, 1);
  };
}
