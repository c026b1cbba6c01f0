import { authRoutes, type RouteInput, type RouteOutput } from '@heirloom/contracts';
import { Injectable } from '@nestjs/common';
import { Database, inTransaction } from '../database.ts';
import { Devices } from '../devices/devices.ts';
import { readKeyring } from '../keyrings/keyrings.ts';
import { Opaque } from '../opaque/opaque.ts';
import { Sessions } from '../sessions/sessions.ts';
import { PasswordProofs } from './password-proofs.ts';

type Start = typeof authRoutes.startLogin;
type Finish = typeof authRoutes.finishLogin;

/** Logins of people by password. */
@Injectable()
export class Logins {
  constructor(
    private readonly database: Database,
    private readonly opaque: Opaque,
    private readonly proofs: PasswordProofs,
    private readonly devices: Devices,
    private readonly sessions: Sessions,
  ) {}

  start(request: RouteInput<Start>['body']): Promise<RouteOutput<Start>> {
    return this.proofs.start('person', request);
  }

  async finish({ device, ...proof }: RouteInput<Finish>['body']): Promise<RouteOutput<Finish>> {
    const accountId = await this.proofs.finish('person', proof);
    const { session, unlock, ...rest } = await inTransaction(this.database, async (tx) => {
      await this.devices.enroll(tx, accountId, device);
      const { seedId } = await tx.credential.findUniqueOrThrow({ where: { accountId } });
      const { unlocks, keyring } = await readKeyring(tx, accountId);
      return {
        session: await this.sessions.open(tx, accountId, device.deviceId),
        unlock: unlocks.find(({ kind }) => kind === 'password'),
        keyring,
        reRegister: seedId !== this.opaque.seedId,
      };
    });
    if (!unlock) throw new Error('an account with a password has no unlock for it');
    return { session: await this.sessions.answer(session), unlock, ...rest };
  }
}
