import { authRoutes, type RouteInput, type RouteOutput } from '@heirloom/contracts';
import { Injectable } from '@nestjs/common';
import { Database, inTransaction } from '../database.ts';
import { Devices } from '../devices/devices.ts';
import { PasswordProofs } from '../logins/password-proofs.ts';
import { Sessions } from '../sessions/sessions.ts';

type Start = typeof authRoutes.startOperatorLogin;
type Finish = typeof authRoutes.finishOperatorLogin;

/** Logins of operators: they get a session and nothing else, for nothing is sealed to them. */
@Injectable()
export class OperatorLogins {
  constructor(
    private readonly database: Database,
    private readonly proofs: PasswordProofs,
    private readonly devices: Devices,
    private readonly sessions: Sessions,
  ) {}

  start(request: RouteInput<Start>['body']): Promise<RouteOutput<Start>> {
    return this.proofs.start('operator', request);
  }

  async finish({ device, ...proof }: RouteInput<Finish>['body']): Promise<RouteOutput<Finish>> {
    const accountId = await this.proofs.finish('operator', proof);
    const session = await inTransaction(this.database, async (tx) => {
      await this.devices.enroll(tx, accountId, device);
      return this.sessions.open(tx, accountId, device.deviceId);
    });
    return { session: await this.sessions.answer(session) };
  }
}
