import { Controller } from '@nestjs/common';
import {
  familyStaffRoutes as routes,
  libraryMessages,
  type MessageInput,
  type MessageOutput,
  type RouteInput,
  type RouteOutput,
} from '@heirloom/contracts';
import { OnMessage, OnRoute } from '@heirloom/service-kit';
import { StaffFamilies } from './staff-families.ts';

type Routes = typeof routes;

@Controller()
export class StaffFamiliesController {
  constructor(private readonly families: StaffFamilies) {}

  @OnRoute(routes.families)
  list({ query }: RouteInput<Routes['families']>): Promise<RouteOutput<Routes['families']>> {
    return this.families.list(query);
  }

  @OnRoute(routes.family)
  read({ params }: RouteInput<Routes['family']>): Promise<RouteOutput<Routes['family']>> {
    return this.families.read(params.familyId);
  }

  @OnRoute(routes.familiesOf)
  of({ body }: RouteInput<Routes['familiesOf']>): Promise<RouteOutput<Routes['familiesOf']>> {
    return this.families.of(body.accountIds);
  }

  @OnRoute(routes.invites)
  invites({ query }: RouteInput<Routes['invites']>): Promise<RouteOutput<Routes['invites']>> {
    return this.families.invites(query);
  }

  @OnMessage(libraryMessages.librariesOf)
  libraries(
    input: MessageInput<typeof libraryMessages.librariesOf>,
  ): Promise<MessageOutput<typeof libraryMessages.librariesOf>> {
    return this.families.libraries(input);
  }
}
