import {
  accountMessages,
  authRoutes,
  type AccountId,
  type MessageInput,
  type MessageOutput,
  type RouteOutput,
} from '@heirloom/contracts';
import { OnMessage, OnRoute, type RequestContext } from '@heirloom/service-kit';
import { Controller } from '@nestjs/common';
import { Database } from '../database.ts';
import { readKeyring } from '../keyrings/keyrings.ts';

@Controller()
export class AccountsController {
  constructor(private readonly database: Database) {}

  @OnRoute(authRoutes.account)
  async read(_input: unknown, { person }: RequestContext): Promise<RouteOutput<typeof authRoutes.account>> {
    const { accountId, deviceId } = person;
    const { email } = await this.database.account.findUniqueOrThrow({ where: { id: accountId } });
    return { accountId, email, deviceId, ...(await readKeyring(this.database, accountId)) };
  }

  @OnMessage(accountMessages.accountsOf)
  async accountsOf({
    accountIds,
  }: MessageInput<typeof accountMessages.accountsOf>): Promise<
    MessageOutput<typeof accountMessages.accountsOf>
  > {
    const rows = await this.database.account.findMany({
      where: { id: { in: accountIds }, kind: 'person' },
      select: { id: true, email: true },
    });
    return { accounts: rows.map(({ id, email }) => ({ accountId: id as AccountId, email })) };
  }
}
