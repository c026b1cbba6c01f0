import { Controller } from '@nestjs/common';
import { authMessages, policyMessages, type MessageInput } from '@heirloom/contracts';
import { OnMessage } from '../messages/on-message.ts';
import { Revocations } from './revocations.ts';
import { Standings } from './standings.ts';

/** Every service hears these two, so that what it knows of devices and people is no older than it must be. */
@Controller()
export class NudgesController {
  constructor(
    private readonly revocations: Revocations,
    private readonly standings: Standings,
  ) {}

  @OnMessage(authMessages.deviceRevoked)
  async deviceRevoked(): Promise<void> {
    await this.revocations.pull();
  }

  @OnMessage(policyMessages.standingChanged)
  async standingChanged(input: MessageInput<typeof policyMessages.standingChanged>): Promise<void> {
    for (const accountId of input.accountIds) this.standings.drop(accountId);
    await this.standings.pull();
  }
}
