import { authRoutes, type RouteOutput } from '@heirloom/contracts';
import { OnRoute } from '@heirloom/service-kit';
import { Controller } from '@nestjs/common';
import { readFileSync } from 'node:fs';
import { RegistrationGate } from '../registrations/registration-gate.ts';

const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
  version: string;
};

@Controller()
export class InfoController {
  constructor(private readonly gate: RegistrationGate) {}

  @OnRoute(authRoutes.info)
  info(): RouteOutput<typeof authRoutes.info> {
    return { name: 'heirloom', version, registration: this.gate.mode };
  }
}
