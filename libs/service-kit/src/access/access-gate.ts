import type { FamilyAbility } from '@heirloom/access';
import { Injectable } from '@nestjs/common';
import {
  AppError,
  type Access,
  type MessageContract,
  type RouteContract,
  type Standing,
} from '@heirloom/contracts';
import type { HttpContext } from '../http/request-context.ts';
import { AccessTokens } from './access-tokens.ts';
import { OpenRequests } from './open-requests.ts';
import type { Person } from './person.ts';
import { Revocations } from './revocations.ts';
import { Standings } from './standings.ts';

interface OnBehalf {
  readonly person?: Person;
  readonly token?: string;
  standing(enough?: (standing: Standing) => boolean): Promise<Standing>;
  ability(enough?: (ability: FamilyAbility) => boolean): Promise<FamilyAbility>;
}

/** Decides who may call a route or send a message on someone's behalf, by the `access` of the contract. Denies by default. */
@Injectable()
export class AccessGate {
  constructor(
    private readonly tokens: AccessTokens,
    private readonly revocations: Revocations,
    private readonly standings: Standings,
    private readonly open: OpenRequests,
  ) {}

  /**
   * Runs before the body is read, so that strangers cannot make us work.
   *
   * @throws AppError `token-missing`, `token-invalid`, `token-expired`, `device-revoked`, `revocations-stale`, `forbidden`,
   * and `unavailable` or `timeout` where it cannot be decided; what the request was cut with meanwhile
   */
  async admitRequest(contract: RouteContract, context: HttpContext): Promise<void> {
    if (contract.access === 'public') return;
    const token = bearerOf(context.header('authorization'));
    const person = await this.#verify(token);
    context.identify(person, token);
    // From here on a revocation cuts the request; one that came in while the token was verified is seen by the check.
    this.open.add(context);
    this.revocations.check(person);
    refuseWrongKind(contract.access, person);
    await refuseUnless(context, contract.access);
  }

  /** The same for a message. A message of access `service` speaks for nobody. */
  async admitMessage(
    contract: MessageContract,
    token: string | undefined,
    requestId: string,
  ): Promise<OnBehalf> {
    if (contract.access === 'service') return forNobody;
    if (!token) throw new AppError('token-missing');
    const person = await this.#verify(token);
    const question = { person, token, requestId, begunAt: performance.now() };
    const onBehalf: OnBehalf = {
      person,
      token,
      standing: async (enough = () => true) =>
        (await this.standings.known(question, ({ standing }) => enough(standing))).standing,
      ability: async (enough = () => true) =>
        (await this.standings.known(question, ({ ability }) => enough(ability))).ability,
    };
    refuseWrongKind(contract.access, person);
    await refuseUnless(onBehalf, contract.access);
    return onBehalf;
  }

  async #verify(token: string): Promise<Person> {
    const person = await this.tokens.verify(token);
    await this.revocations.mustBeFresh();
    this.revocations.check(person);
    return person;
  }
}

const forNobody: OnBehalf = {
  standing: () => Promise.reject(new AppError('token-missing')),
  ability: () => Promise.reject(new AppError('token-missing')),
};

function bearerOf(header: string | undefined): string {
  const match = /^Bearer ([A-Za-z0-9._~+/=-]+)$/i.exec(header ?? '');
  if (!match) throw new AppError('token-missing');
  return match[1]!;
}

/** Staff and members of families keep to themselves: neither gets in where the other belongs. */
function refuseWrongKind(access: Access, { role }: Person): void {
  const admitted =
    access === 'operator'
      ? role === 'operator'
      : access === 'staff'
        ? role !== undefined
        : role === undefined;
  if (!admitted) throw new AppError('forbidden');
}

async function refuseUnless(whose: Pick<OnBehalf, 'ability'>, access: Access): Promise<void> {
  if (typeof access === 'string') return;
  const may = (ability: FamilyAbility) => ability.can(access.action, access.subject);
  if (!may(await whose.ability(may))) throw new AppError('forbidden');
}
