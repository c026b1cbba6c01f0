import { Controller } from '@nestjs/common';
import {
  policyMessages,
  standingMessages,
  type MessageInput,
  type MessageOutput,
  type Standing,
} from '@heirloom/contracts';
import { OnMessage, type MessageContext } from '@heirloom/service-kit';
import { StandingChanges } from './standing-changes.ts';
import { Standings } from './standings.ts';

@Controller()
export class StandingController {
  constructor(
    private readonly standings: Standings,
    private readonly changes: StandingChanges,
  ) {}

  /** Of the token's person: the question has no field to name another one. */
  @OnMessage(policyMessages.standing)
  standing(_input: MessageInput<typeof policyMessages.standing>, context: MessageContext): Promise<Standing> {
    return this.standings.of(context.person!.accountId);
  }

  @OnMessage(standingMessages.changesSince)
  changesSince(
    input: MessageInput<typeof standingMessages.changesSince>,
  ): Promise<MessageOutput<typeof standingMessages.changesSince>> {
    return this.changes.since(input);
  }
}
