import {
  accountActRoutes,
  AppError,
  limits,
  staffAccountRoutes,
  type RouteInput,
  type RouteOutput,
} from '@heirloom/contracts';
import { OnRoute, type RequestContext } from '@heirloom/service-kit';
import { Controller } from '@nestjs/common';
import { FoundAccounts } from './found-accounts.ts';
import { StaffActs, type DeedWanted } from './staff-acts.ts';

type Routes = typeof staffAccountRoutes;
type Acts = typeof accountActRoutes;

/** What staff see of people's accounts and do to them, and what the accounts' owners see of that. */
@Controller()
export class StaffAccountsController {
  constructor(
    private readonly accounts: FoundAccounts,
    private readonly acts: StaffActs,
  ) {}

  @OnRoute(staffAccountRoutes.accounts)
  async list(
    { query }: RouteInput<Routes['accounts']>,
    { person }: RequestContext,
  ): Promise<RouteOutput<Routes['accounts']>> {
    const { search = '', after, limit } = query;
    // Support helps those who ask for it, and has no use for a list of everybody.
    if (person.role === 'support' && search.length < limits.staffSearchCharacters)
      throw new AppError('bad-request', {
        detail: `Type at least ${limits.staffSearchCharacters} characters of the e-mail address.`,
      });
    return this.accounts.page({ search, after, limit });
  }

  @OnRoute(staffAccountRoutes.account)
  async read(
    { params: { accountId } }: RouteInput<Routes['account']>,
    { person }: RequestContext,
  ): Promise<RouteOutput<Routes['account']>> {
    const account = await this.accounts.read(accountId);
    await this.acts.look(person, accountId);
    return {
      account,
      devices: await this.accounts.devices(accountId),
      unlocks: await this.accounts.unlocks(accountId),
      acts: await this.acts.ofAccount(accountId),
    };
  }

  @OnRoute(staffAccountRoutes.lock)
  lock(input: RouteInput<Routes['lock']>, context: RequestContext): Promise<RouteOutput<Routes['lock']>> {
    return this.#do('lock', input, context);
  }

  @OnRoute(staffAccountRoutes.unlock)
  unlock(
    input: RouteInput<Routes['unlock']>,
    context: RequestContext,
  ): Promise<RouteOutput<Routes['unlock']>> {
    return this.#do('unlock', input, context);
  }

  @OnRoute(staffAccountRoutes.endSessions)
  endSessions(
    input: RouteInput<Routes['endSessions']>,
    context: RequestContext,
  ): Promise<RouteOutput<Routes['endSessions']>> {
    return this.#do('end-sessions', input, context);
  }

  async #do(
    kind: DeedWanted['kind'],
    { params, body }: RouteInput<Routes['lock']>,
    { person }: RequestContext,
  ): Promise<RouteOutput<Routes['lock']>> {
    return { act: await this.acts.do(person, { kind, ...params, ...body }) };
  }

  @OnRoute(accountActRoutes.acts)
  own({ query }: RouteInput<Acts['acts']>, { person }: RequestContext): Promise<RouteOutput<Acts['acts']>> {
    return this.acts.page(person.accountId, query.before, query.limit);
  }
}
