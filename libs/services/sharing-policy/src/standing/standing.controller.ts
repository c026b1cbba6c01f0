import { Controller } from '@nestjs/common';
import { policyMessages, type MessageInput, type Standing } from '@heirloom/contracts';
import { OnMessage, type MessageContext } from '@heirloom/service-kit';
import { Standings } from './standings.ts';

@Controller()
export class StandingController {
  constructor(private readonly standings: Standings) {}

  /** Of the token's person: the question has no field to name another one. */
  @OnMessage(policyMessages.standing)
  standing(_input: MessageInput<typeof policyMessages.standing>, context: MessageContext): Promise<Standing> {
    return this.standings.of(context.person!.accountId);
  }
}
