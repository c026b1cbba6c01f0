import { authRoutes, type RouteOutput } from '@heirloom/contracts';
import { OnRoute, type RequestContext } from '@heirloom/service-kit';
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
}
