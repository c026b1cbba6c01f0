import { authRoutes, type RouteInput, type RouteOutput } from '@heirloom/contracts';
import { actorOf, OnRoute, StaffNudges, type RequestContext } from '@heirloom/service-kit';
import { Controller } from '@nestjs/common';
import { AddressLimit } from '../addresses/address-limit.ts';
import { Devices } from '../devices/devices.ts';
import { OperatorLogins } from './operator-logins.ts';
import { OperatorRegistrations } from './operator-registrations.ts';

type Routes = typeof authRoutes;

/** Operators and support: how they become it, sign in and out. */
@Controller()
export class OperatorsController {
  constructor(
    private readonly registrations: OperatorRegistrations,
    private readonly logins: OperatorLogins,
    private readonly devices: Devices,
    private readonly addresses: AddressLimit,
    private readonly nudges: StaffNudges,
  ) {}

  @OnRoute(authRoutes.checkSetupToken)
  async checkSetupToken(
    { body }: RouteInput<Routes['checkSetupToken']>,
    context: RequestContext,
  ): Promise<RouteOutput<Routes['checkSetupToken']>> {
    await this.addresses.count(context.remoteAddress);
    return { role: await this.registrations.check(body.setupToken) };
  }

  @OnRoute(authRoutes.startOperatorRegistration)
  async startRegistration(
    { body }: RouteInput<Routes['startOperatorRegistration']>,
    context: RequestContext,
  ): Promise<RouteOutput<Routes['startOperatorRegistration']>> {
    await this.addresses.count(context.remoteAddress);
    return this.registrations.start(body);
  }

  @OnRoute(authRoutes.finishOperatorRegistration)
  async finishRegistration(
    { body }: RouteInput<Routes['finishOperatorRegistration']>,
    context: RequestContext,
  ): Promise<RouteOutput<Routes['finishOperatorRegistration']>> {
    await this.addresses.count(context.remoteAddress);
    const answer = await this.registrations.finish(body);
    this.nudges.tell('staff');
    return answer;
  }

  @OnRoute(authRoutes.startOperatorLogin)
  async startLogin(
    { body }: RouteInput<Routes['startOperatorLogin']>,
    context: RequestContext,
  ): Promise<RouteOutput<Routes['startOperatorLogin']>> {
    await this.addresses.count(context.remoteAddress);
    return this.logins.start(body);
  }

  @OnRoute(authRoutes.finishOperatorLogin)
  async finishLogin(
    { body }: RouteInput<Routes['finishOperatorLogin']>,
    context: RequestContext,
  ): Promise<RouteOutput<Routes['finishOperatorLogin']>> {
    await this.addresses.count(context.remoteAddress);
    return this.logins.finish(body);
  }

  @OnRoute(authRoutes.operatorLogout)
  async logout(_input: unknown, context: RequestContext): Promise<void> {
    await this.devices.revoke(context.person.deviceId, actorOf(context.person));
  }
}
