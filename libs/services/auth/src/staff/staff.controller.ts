import { AppError, staffRoutes, type RouteInput, type RouteOutput } from '@heirloom/contracts';
import { actorOf, OnRoute, recordAct, StaffNudges, type RequestContext } from '@heirloom/service-kit';
import { Controller } from '@nestjs/common';
import { Authenticators } from '../authenticators/authenticators.ts';
import { Database, inTransaction } from '../database.ts';
import { StaffInvites } from './staff-invites.ts';
import { StaffMembers } from './staff-members.ts';

type Routes = typeof staffRoutes;

/** Who works here, and how they come and go. */
@Controller()
export class StaffController {
  constructor(
    private readonly database: Database,
    private readonly members: StaffMembers,
    private readonly invites: StaffInvites,
    private readonly authenticators: Authenticators,
    private readonly nudges: StaffNudges,
  ) {}

  @OnRoute(staffRoutes.me)
  async me(_input: unknown, { person }: RequestContext): Promise<RouteOutput<Routes['me']>> {
    return { me: await this.members.read(person.accountId) };
  }

  @OnRoute(staffRoutes.changeAuthenticator)
  async changeAuthenticator(
    { body }: RouteInput<Routes['changeAuthenticator']>,
    { person }: RequestContext,
  ): Promise<void> {
    const { accountId } = person;
    // Before the present one's code is used up: whoever mistypes the other can go on at once.
    this.authenticators.firstStep(body.next);
    if (!(await this.authenticators.take(accountId, body.code))) throw new AppError('code-wrong');
    await inTransaction(this.database, async (tx) => {
      await this.authenticators.put(tx, accountId, body.next);
      await recordAct(tx, { kind: 'totp-changed', actor: actorOf(person), accountId, details: {} });
    });
  }

  @OnRoute(staffRoutes.staff)
  async list(): Promise<RouteOutput<Routes['staff']>> {
    return { staff: await this.members.list() };
  }

  @OnRoute(staffRoutes.removeStaff)
  async remove({ params }: RouteInput<Routes['removeStaff']>, { person }: RequestContext): Promise<void> {
    await this.members.remove(person, params.accountId);
    this.nudges.tell('staff');
  }

  @OnRoute(staffRoutes.inviteStaff)
  async invite(
    { body }: RouteInput<Routes['inviteStaff']>,
    { person }: RequestContext,
  ): Promise<RouteOutput<Routes['inviteStaff']>> {
    const made = await this.invites.create(person, body.role);
    this.nudges.tell('staff');
    return made;
  }

  @OnRoute(staffRoutes.staffInvites)
  async listInvites(): Promise<RouteOutput<Routes['staffInvites']>> {
    return { invites: await this.invites.list() };
  }

  @OnRoute(staffRoutes.revokeStaffInvite)
  async revokeInvite(
    { params }: RouteInput<Routes['revokeStaffInvite']>,
    { person }: RequestContext,
  ): Promise<void> {
    await this.invites.revoke(person, params.inviteId);
    this.nudges.tell('staff');
  }
}
