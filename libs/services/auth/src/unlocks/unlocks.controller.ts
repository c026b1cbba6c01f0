import { unlockRoutes, type RouteInput, type RouteOutput } from '@heirloom/contracts';
import { OnRoute, type RequestContext } from '@heirloom/service-kit';
import { Controller } from '@nestjs/common';
import { AddressLimit } from '../addresses/address-limit.ts';
import { PasswordChanges } from '../passwords/password-changes.ts';
import { Unlocks } from './unlocks.ts';

type Routes = typeof unlockRoutes;

@Controller()
export class UnlocksController {
  constructor(
    private readonly unlocks: Unlocks,
    private readonly changes: PasswordChanges,
    private readonly addresses: AddressLimit,
  ) {}

  @OnRoute(unlockRoutes.unlocks)
  async list(_input: unknown, { person }: RequestContext): Promise<RouteOutput<Routes['unlocks']>> {
    return { unlocks: await this.unlocks.list(person.accountId) };
  }

  @OnRoute(unlockRoutes.putRecovery)
  async putRecovery(
    { body }: RouteInput<Routes['putRecovery']>,
    { person, remoteAddress }: RequestContext,
  ): Promise<RouteOutput<Routes['putRecovery']>> {
    await this.addresses.count(remoteAddress);
    return { unlock: await this.unlocks.putRecovery(person.accountId, body) };
  }

  @OnRoute(unlockRoutes.confirmRecovery)
  async confirmRecovery(
    { body }: RouteInput<Routes['confirmRecovery']>,
    { person }: RequestContext,
  ): Promise<RouteOutput<Routes['confirmRecovery']>> {
    return { unlock: await this.unlocks.confirmRecovery(person.accountId, body.unlockId) };
  }

  @OnRoute(unlockRoutes.startPasswordChange)
  async startPasswordChange(
    { body }: RouteInput<Routes['startPasswordChange']>,
    { person, remoteAddress }: RequestContext,
  ): Promise<RouteOutput<Routes['startPasswordChange']>> {
    await this.addresses.count(remoteAddress);
    return await this.changes.start(person, body);
  }

  @OnRoute(unlockRoutes.finishPasswordChange)
  async finishPasswordChange(
    { body }: RouteInput<Routes['finishPasswordChange']>,
    { person }: RequestContext,
  ): Promise<void> {
    await this.changes.finish(person, body);
  }
}
