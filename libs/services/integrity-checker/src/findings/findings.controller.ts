import { Controller } from '@nestjs/common';
import { integrityRoutes, type RouteInput, type RouteOutput } from '@heirloom/contracts';
import { OnRoute } from '@heirloom/service-kit';
import { Findings } from './findings.ts';

@Controller()
export class FindingsController {
  constructor(private readonly findings: Findings) {}

  @OnRoute(integrityRoutes.findings)
  list({
    query,
  }: RouteInput<typeof integrityRoutes.findings>): Promise<RouteOutput<typeof integrityRoutes.findings>> {
    return this.findings.list(query);
  }
}
