import {
  AppError,
  authRoutes,
  staffLoginFailed,
  type RouteInput,
  type RouteOutput,
} from '@heirloom/contracts';
import { Injectable } from '@nestjs/common';
import { Authenticators } from '../authenticators/authenticators.ts';
import { Database, inTransaction } from '../database.ts';
import { Devices } from '../devices/devices.ts';
import { PasswordProofs } from '../logins/password-proofs.ts';
import { Sessions } from '../sessions/sessions.ts';
import { staffRoleOf } from '../staff/staff-role.ts';

type Start = typeof authRoutes.startOperatorLogin;
type Finish = typeof authRoutes.finishOperatorLogin;

/** Logins of operators and support: they get a session and nothing else, for nothing is sealed to them. */
@Injectable()
export class OperatorLogins {
  constructor(
    private readonly database: Database,
    private readonly proofs: PasswordProofs,
    private readonly authenticators: Authenticators,
    private readonly devices: Devices,
    private readonly sessions: Sessions,
  ) {}

  start(request: RouteInput<Start>['body']): Promise<RouteOutput<Start>> {
    return this.proofs.start('staff', request);
  }

  /** @throws AppError `login-failed`, the same for a wrong password and a wrong code; `too-many-requests` */
  async finish({ device, code, ...proof }: RouteInput<Finish>['body']): Promise<RouteOutput<Finish>> {
    const accountId = await this.proofs
      .finish('staff', proof, (id) => this.authenticators.take(id, code))
      .catch((error: unknown) => {
        throw error instanceof AppError && error.code === 'login-failed' ? staffLoginFailed() : error;
      });
    const session = await inTransaction(this.database, async (tx) => {
      await this.devices.enroll(tx, accountId, device);
      return this.sessions.open(tx, accountId, device.deviceId);
    });
    return { session: await this.sessions.answer(session), role: staffRoleOf(session) };
  }
}
