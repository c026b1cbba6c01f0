import { authRoutes, type RouteInput, type RouteOutput } from '@heirloom/contracts';
import { OnRoute, type RequestContext } from '@heirloom/service-kit';
import { Controller } from '@nestjs/common';
import { AddressLimit } from '../addresses/address-limit.ts';
import { Logins } from './logins.ts';

type Start = typeof authRoutes.startLogin;
type Finish = typeof authRoutes.finishLogin;

@Controller()
export class LoginsController {
  constructor(
    private readonly logins: Logins,
    private readonly addresses: AddressLimit,
  ) {}

  @OnRoute(authRoutes.startLogin)
  async start({ body }: RouteInput<Start>, context: RequestContext): Promise<RouteOutput<Start>> {
    await this.addresses.count(context.remoteAddress);
    return this.logins.start(body);
  }

  @OnRoute(authRoutes.finishLogin)
  async finish({ body }: RouteInput<Finish>, context: RequestContext): Promise<RouteOutput<Finish>> {
    await this.addresses.count(context.remoteAddress);
    return this.logins.finish(body);
  }
}
