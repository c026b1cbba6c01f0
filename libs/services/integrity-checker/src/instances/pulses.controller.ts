import { Controller } from '@nestjs/common';
import { pulseMessages, type Pulse } from '@heirloom/contracts';
import { OnMessage } from '@heirloom/service-kit';
import { Instances } from './instances.ts';

@Controller()
export class PulsesController {
  constructor(private readonly instances: Instances) {}

  @OnMessage(pulseMessages.auth)
  auth(pulse: Pulse): void {
    this.instances.hear('auth', pulse);
  }

  @OnMessage(pulseMessages.vault)
  vault(pulse: Pulse): void {
    this.instances.hear('vault', pulse);
  }

  @OnMessage(pulseMessages['sharing-policy'])
  sharingPolicy(pulse: Pulse): void {
    this.instances.hear('sharing-policy', pulse);
  }

  @OnMessage(pulseMessages['integrity-checker'])
  integrityChecker(pulse: Pulse): void {
    this.instances.hear('integrity-checker', pulse);
  }
}
