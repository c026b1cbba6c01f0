import { authRoutes, type RouteInput, type RouteOutput } from '@heirloom/contracts';
import { actorOf, OnRoute, type RequestContext } from '@heirloom/service-kit';
import { Controller } from '@nestjs/common';
import { Devices } from '../devices/devices.ts';
import { Sessions } from './sessions.ts';

@Controller()
export class SessionsController {
  constructor(
    private readonly sessions: Sessions,
    private readonly devices: Devices,
  ) {}

  @OnRoute(authRoutes.refresh)
  async refresh({
    body,
  }: RouteInput<typeof authRoutes.refresh>): Promise<RouteOutput<typeof authRoutes.refresh>> {
    return { session: await this.sessions.refresh(body.refreshToken) };
  }

  @OnRoute(authRoutes.logout)
  async logout(_input: unknown, context: RequestContext): Promise<void> {
    await this.devices.revoke(context.person.deviceId, actorOf(context.person));
  }
}
