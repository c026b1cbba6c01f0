import { Controller } from '@nestjs/common';
import { integrityStaffRoutes, type RouteOutput } from '@heirloom/contracts';
import { OnRoute } from '@heirloom/service-kit';
import { Coverage } from './coverage.ts';

@Controller()
export class CoverageController {
  constructor(private readonly coverage: Coverage) {}

  @OnRoute(integrityStaffRoutes.coverage)
  read(): Promise<RouteOutput<typeof integrityStaffRoutes.coverage>> {
    return this.coverage.read();
  }
}
