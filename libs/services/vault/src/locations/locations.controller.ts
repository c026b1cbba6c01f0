import { storageMessages, vaultRoutes, type MessageOutput, type RouteOutput } from '@heirloom/contracts';
import { OnMessage, OnRoute } from '@heirloom/service-kit';
import { Controller } from '@nestjs/common';
import { LocationStatuses } from './location-statuses.ts';

@Controller()
export class LocationsController {
  constructor(private readonly statuses: LocationStatuses) {}

  @OnRoute(vaultRoutes.locations)
  async list(): Promise<RouteOutput<typeof vaultRoutes.locations>> {
    return { locations: await this.statuses.list() };
  }

  @OnMessage(storageMessages.storage)
  storage(): Promise<MessageOutput<typeof storageMessages.storage>> {
    return this.statuses.figures();
  }
}
