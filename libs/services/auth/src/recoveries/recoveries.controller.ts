import { recoveryRoutes, type RouteInput, type RouteOutput } from '@heirloom/contracts';
import { OnRoute, type RequestContext } from '@heirloom/service-kit';
import { Controller } from '@nestjs/common';
import { AddressLimit } from '../addresses/address-limit.ts';
import { Recoveries } from './recoveries.ts';

type Start = typeof recoveryRoutes.startRecovery;
type Finish = typeof recoveryRoutes.finishRecovery;

@Controller()
export class RecoveriesController {
  constructor(
    private readonly recoveries: Recoveries,
    private readonly addresses: AddressLimit,
  ) {}

  @OnRoute(recoveryRoutes.startRecovery)
  async start({ body }: RouteInput<Start>, context: RequestContext): Promise<RouteOutput<Start>> {
    await this.addresses.count(context.remoteAddress);
    return await this.recoveries.start(body);
  }

  @OnRoute(recoveryRoutes.finishRecovery)
  async finish({ body }: RouteInput<Finish>, context: RequestContext): Promise<RouteOutput<Finish>> {
    await this.addresses.count(context.remoteAddress);
    return await this.recoveries.finish(body);
  }
}
