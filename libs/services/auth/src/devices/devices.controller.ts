import { accessibleBy } from '@casl/prisma/runtime';
import type { FamilyAbility } from '@heirloom/access';
import {
  AppError,
  authRoutes,
  limits,
  type ActionName,
  type Device,
  type DeviceId,
  type RouteInput,
  type RouteOutput,
} from '@heirloom/contracts';
import { actorOf, OnRoute, type RequestContext } from '@heirloom/service-kit';
import { Controller } from '@nestjs/common';
import { Database } from '../database.ts';
import type { Prisma } from '../generated/client.ts';
import { stored } from '../stored-bytes.ts';
import { Devices } from './devices.ts';

/** Restricts a query to the devices that the person may do this to. */
function devicesFor(ability: FamilyAbility, action: ActionName): Prisma.DeviceWhereInput {
  // libs/access writes conditions in the words of Prisma, but cannot know the types that Prisma generates here.
  const records = accessibleBy(ability as never, action as never) as unknown as {
    ofType(model: 'Device'): Prisma.DeviceWhereInput;
  };
  return records.ofType('Device');
}

@Controller()
export class DevicesController {
  constructor(
    private readonly database: Database,
    private readonly devices: Devices,
  ) {}

  @OnRoute(authRoutes.devices)
  async list(_input: unknown, context: RequestContext): Promise<RouteOutput<typeof authRoutes.devices>> {
    const mine = devicesFor(await context.ability(), 'read');
    const active = await this.database.device.findMany({
      where: { AND: [mine, { revokedAt: null }] },
      orderBy: [{ createdAt: 'asc' }, { id: 'asc' }],
    });
    const revoked = await this.database.device.findMany({
      where: { AND: [mine, { revokedAt: { not: null } }] },
      orderBy: [{ revokedAt: 'desc' }, { id: 'asc' }],
      take: limits.revokedDevicesListed,
    });
    return {
      devices: [...active, ...revoked].map(
        ({ id, publicKey, sealedName, createdAt, lastSeenAt, revokedAt, enteredBy }): Device => ({
          deviceId: id as DeviceId,
          publicKey,
          sealedName,
          createdAt,
          lastSeenAt,
          revokedAt,
          enteredBy: enteredBy as Device['enteredBy'],
        }),
      ),
    };
  }

  @OnRoute(authRoutes.renameDevice)
  async rename(
    { params, body }: RouteInput<typeof authRoutes.renameDevice>,
    context: RequestContext,
  ): Promise<void> {
    await this.#find(context, 'update', params.deviceId);
    await this.database.device.update({
      where: { id: params.deviceId },
      data: { sealedName: stored(body.sealedName) },
    });
  }

  @OnRoute(authRoutes.revokeDevice)
  async revoke(
    { params }: RouteInput<typeof authRoutes.revokeDevice>,
    context: RequestContext,
  ): Promise<void> {
    await this.#find(context, 'delete', params.deviceId);
    await this.devices.revoke(params.deviceId, actorOf(context.person));
  }

  /** @throws AppError `not-found` also for a device of somebody else: who has which id is nobody's business. */
  async #find(context: RequestContext, action: ActionName, id: DeviceId): Promise<void> {
    const allowed = devicesFor(await context.ability(), action);
    const device = await this.database.device.findFirst({
      where: { AND: [allowed, { id }] },
      select: { id: true },
    });
    if (!device) throw new AppError('not-found');
  }
}
