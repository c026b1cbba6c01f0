import { authRoutes, type RouteInput, type RouteOutput } from '@heirloom/contracts';
import { OnRoute, type RequestContext } from '@heirloom/service-kit';
import { Controller } from '@nestjs/common';
import { AddressLimit } from '../addresses/address-limit.ts';
import { Registrations } from './registrations.ts';

type Start = typeof authRoutes.startRegistration;
type Finish = typeof authRoutes.finishRegistration;

@Controller()
export class RegistrationsController {
  constructor(
    private readonly registrations: Registrations,
    private readonly addresses: AddressLimit,
  ) {}

  @OnRoute(authRoutes.startRegistration)
  async start({ body }: RouteInput<Start>, context: RequestContext): Promise<RouteOutput<Start>> {
    await this.addresses.count(context.remoteAddress);
    return this.registrations.start(body);
  }

  @OnRoute(authRoutes.finishRegistration)
  async finish({ body }: RouteInput<Finish>, context: RequestContext): Promise<RouteOutput<Finish>> {
    await this.addresses.count(context.remoteAddress);
    return this.registrations.finish(body);
  }
}
