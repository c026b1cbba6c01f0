import {
  authRoutes,
  type AccountId,
  type Operator,
  type RouteInput,
  type RouteOutput,
} from '@heirloom/contracts';
import { OnRoute, type RequestContext } from '@heirloom/service-kit';
import { Controller } from '@nestjs/common';
import { AddressLimit } from '../addresses/address-limit.ts';
import { Database } from '../database.ts';
import { Devices } from '../devices/devices.ts';
import { OperatorLogins } from './operator-logins.ts';
import { OperatorRegistrations } from './operator-registrations.ts';

type Routes = typeof authRoutes;

/** Those who run the installation: how they become it, sign in and out, and who they are. */
@Controller()
export class OperatorsController {
  constructor(
    private readonly database: Database,
    private readonly registrations: OperatorRegistrations,
    private readonly logins: OperatorLogins,
    private readonly devices: Devices,
    private readonly addresses: AddressLimit,
  ) {}

  @OnRoute(authRoutes.checkSetupToken)
  async checkSetupToken(
    { body }: RouteInput<Routes['checkSetupToken']>,
    context: RequestContext,
  ): Promise<void> {
    await this.addresses.count(context.remoteAddress);
    await this.registrations.check(body.setupToken);
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
    return this.registrations.finish(body);
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
    await this.devices.revoke(context.person.deviceId);
  }

  @OnRoute(authRoutes.operators)
  async list(): Promise<RouteOutput<Routes['operators']>> {
    const operators = await this.database.account.findMany({
      where: { kind: 'operator' },
      include: {
        devices: { where: { revokedAt: null }, orderBy: { lastSeenAt: 'desc' }, take: 1 },
      },
      orderBy: [{ createdAt: 'asc' }, { id: 'asc' }],
    });
    return {
      operators: operators.map(({ id, email, createdAt, devices }): Operator => ({
        accountId: id as AccountId,
        email,
        createdAt,
        lastSeenAt: devices[0]?.lastSeenAt ?? null,
      })),
    };
  }
}
