import {
  accountId,
  actReason,
  AppError,
  limits,
  type AccountId,
  type FoundAccount,
  type StaffAct,
} from '@heirloom/contracts';
import {
  accountOf,
  actOnAccount,
  findAccounts,
  readAccount,
  type AccountPage,
  type SignedInOperator,
} from '@heirloom/client';
import type { Context } from '../../context.ts';
import type { CommandResult } from '../../output/io.ts';
import { count, minuteText, printable, table } from '../../output/text.ts';
import { withOperator } from './operator-context.ts';

export interface FindAccountsOptions {
  atMost?: number;
}

/** `heirloom admin accounts find`: by the beginning of the e-mail address. */
export async function findAccountsCommand(
  context: Context,
  search: string | undefined,
  options: FindAccountsOptions,
): Promise<CommandResult> {
  const accounts = await withOperator(context, (operator) =>
    findAccounts(operator, search ?? '', options.atMost),
  );
  return {
    document: { accounts: accounts.map(documentOf) },
    lines:
      accounts.length === 0
        ? ['Nobody has an account with such an address.']
        : table(['e-mail', 'since', 'last seen', 'devices', 'locked'], accounts.map(rowOf)),
  };
}

/** `heirloom admin accounts show` */
export async function showAccountCommand(context: Context, who: string): Promise<CommandResult> {
  return await withOperator(context, async (operator) => {
    const page = await readAccount(operator, await idOf(operator, who));
    const { account, devices, unlocks, acts } = page;
    return {
      document: {
        account: documentOf(account),
        devices: devices.map(({ deviceId: id, ...device }) => ({ id, ...device })),
        unlocks,
        acts: acts.map(actDocument),
      },
      lines: linesOf(page),
    };
  });
}

export interface ActOptions {
  reason: string;
}
type Deed = Parameters<typeof actOnAccount>[1];

const sentences: Record<Deed, (email: string) => string> = {
  lock: (email) => `${email} is locked: shut out of everything within five seconds, and nothing is deleted.`,
  unlock: (email) => `${email} is unlocked: its devices go on where they stopped.`,
  endSessions: (email) => `All devices of ${email} are signed out.`,
};

/** `heirloom admin accounts lock`, `unlock` and `end-sessions`. */
export const actOnAccountCommand =
  (deed: Deed) =>
  async (context: Context, who: string, options: ActOptions): Promise<CommandResult> => {
    const reason = readReason(options);
    return await withOperator(context, async (operator) => {
      const id = await idOf(operator, who);
      const act = await actOnAccount(operator, deed, id, reason);
      return {
        document: { account: { id }, act: actDocument(act) },
        lines: [printable(sentences[deed](who))],
        remarks: ['The owner of the account sees this, with the reason.'],
      };
    });
  };

function readReason({ reason }: ActOptions): string {
  const { data } = actReason.safeParse(reason);
  if (data !== undefined) return data;
  const { min, max } = limits.actReasonCharacters;
  throw new AppError('bad-request', {
    detail: `Say why in one line of ${min} to ${max} characters; the owner of the account reads it.`,
  });
}

async function idOf(operator: SignedInOperator, who: string): Promise<AccountId> {
  const given = accountId.safeParse(who);
  return given.success ? given.data : (await accountOf(operator, who)).accountId;
}

const documentOf = ({ accountId: id, ...account }: FoundAccount) => ({ id, ...account });
const actDocument = ({ actId: id, ...act }: StaffAct) => ({ id, ...act });

const rowOf = ({ email, createdAt, lastSeenAt, devices, lockedAt }: FoundAccount) => [
  email,
  minuteText(createdAt),
  minuteText(lastSeenAt),
  String(devices),
  minuteText(lockedAt),
];

function linesOf({ account, devices, unlocks, acts }: AccountPage): string[] {
  const locked = account.lockedAt ? `, LOCKED since ${minuteText(account.lockedAt)}` : '';
  return [
    printable(`${account.email}, since ${minuteText(account.createdAt)}${locked}`),
    `Account ${account.accountId}, ${count(account.devices, 'device')} signed in.`,
    `Can be opened by: ${unlocks.map(({ kind }) => kind).join(', ')}.`,
    '',
    ...table(
      ['device', 'since', 'last seen', 'entered by', 'signed out'],
      devices.map(({ deviceId, createdAt, lastSeenAt, enteredBy, revokedAt }) => [
        deviceId,
        minuteText(createdAt),
        minuteText(lastSeenAt),
        enteredBy,
        minuteText(revokedAt),
      ]),
    ),
    ...(acts.length === 0 ? [] : ['', ...actLines(acts)]),
  ];
}

const actLines = (acts: readonly StaffAct[]): string[] =>
  table(
    ['act', 'at', 'by', 'reason'],
    acts.map(({ kind, at, role, reason }) => [kind, minuteText(at), role, reason ?? '']),
  );
