import { authMessages, type MessageInput, type MessageOutput } from '@heirloom/contracts';
import { OnMessage } from '@heirloom/service-kit';
import { Controller } from '@nestjs/common';
import { Changes } from './changes.ts';

type Since = typeof authMessages.changesSince;

@Controller()
export class ChangesController {
  constructor(private readonly changes: Changes) {}

  @OnMessage(authMessages.changesSince)
  since(input: MessageInput<Since>): Promise<MessageOutput<Since>> {
    return this.changes.since(input);
  }
}
