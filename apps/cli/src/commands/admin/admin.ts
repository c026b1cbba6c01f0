import { findingState, staffRoles } from '@heirloom/contracts';
import { Option, type Command } from 'commander';
import { wholeNumber, withJson, type Run } from '../../program-parts.ts';
import {
  actOnAccountCommand,
  findAccountsCommand,
  showAccountCommand,
  type ActOptions,
  type FindAccountsOptions,
} from './accounts.ts';
import {
  checkAuditCommand,
  exportAuditCommand,
  listAuditCommand,
  type CheckAuditOptions,
  type ListAuditOptions,
} from './audit.ts';
import { findingsCommand, type FindingsOptions } from './findings.ts';
import { locationsCommand } from './locations.ts';
import { setQuotaCommand } from './quotas.ts';
import {
  adminLogInCommand,
  adminLogOutCommand,
  adminSetupCommand,
  replaceAuthenticatorCommand,
  type AdminLogInOptions,
  type AdminSetupOptions,
} from './sign-in.ts';
import { scrubStatusCommand, startScrubCommand, type StartScrubOptions } from './scrubs.ts';
import {
  inviteStaffCommand,
  listStaffCommand,
  listStaffInvitesCommand,
  removeStaffCommand,
  type InviteStaffOptions,
} from './staff.ts';

const withServer = (command: Command): Command =>
  withJson(command)
    .requiredOption('--server <url>', 'address of the server, for example https://photos.example.org')
    .requiredOption('--email <address>', 'your e-mail address as an operator or support')
    .option('--allow-http', 'allow plain http to another machine: access tokens can be read on the way');

/** What those do who run a server or help with its accounts. They sign in apart from people and see no photo. */
export function addAdminCommands(program: Command, run: Run): void {
  const admin = program
    .command('admin')
    .description(
      'for operators, who run the server, and support, who help with accounts; neither sees a photo',
    );
  withServer(admin.command('setup'))
    .description('become an operator by the setup token that the server printed, or staff by an invite')
    .requiredOption('--token <token>', 'the setup token, or that of an invite; it is good once')
    .action((options: AdminSetupOptions) => run(adminSetupCommand)(options));
  withServer(admin.command('login'))
    .description('sign in as an operator or support on this device')
    .action((options: AdminLogInOptions) => run(adminLogInCommand)(options));
  withJson(admin.command('authenticator'))
    .description('sign in by the codes of another authenticator from now on; have the present one at hand')
    .action(() => run(replaceAuthenticatorCommand)());
  withJson(admin.command('logout'))
    .description('sign out on this device')
    .action(() => run(adminLogOutCommand)());
  addStaffCommands(admin, run);
  addAccountCommands(admin, run);
  addIntegrityCommands(admin, run);
  addAuditCommands(admin, run);
}

function addStaffCommands(admin: Command, run: Run): void {
  const staff = admin.command('staff').description('operators and support, and invites to become one');
  withJson(staff.command('list'))
    .description('list who works here')
    .action(() => run(listStaffCommand)());
  withJson(staff.command('invite'))
    .description('make a token by which one person becomes an operator or support; it is shown once')
    .addOption(new Option('--role <role>', 'what they become').choices(staffRoles).makeOptionMandatory())
    .action((options: InviteStaffOptions) => run(inviteStaffCommand)(options));
  withJson(staff.command('invites'))
    .description('list the invites, the newest first')
    .action(() => run(listStaffInvitesCommand)());
  withJson(staff.command('remove <who>'))
    .description('remove somebody by their e-mail address, or take an invite back by its id')
    .action((who: string) => run(removeStaffCommand)(who));
}

function addAccountCommands(admin: Command, run: Run): void {
  const accounts = admin
    .command('accounts')
    .description('people’s accounts; their owners see what is done to them');
  withJson(accounts.command('find [beginning]'))
    .description('list accounts by the beginning of their e-mail address')
    .option('--at-most <n>', 'so many at most', wholeNumber)
    .action((beginning: string | undefined, options: FindAccountsOptions) =>
      run(findAccountsCommand)(beginning, options),
    );
  withJson(accounts.command('show <account>'))
    .description('show an account by its e-mail address or id: devices, ways in, what staff did')
    .action((who: string) => run(showAccountCommand)(who));
  for (const [name, deed, description] of [
    ['lock', 'lock', 'shut an account out of everything within five seconds; nothing is deleted'],
    ['unlock', 'unlock', 'let it in again: its devices go on where they stopped'],
    ['end-sessions', 'endSessions', 'sign all of its devices out'],
  ] as const)
    withJson(accounts.command(`${name} <account>`))
      .description(description)
      .requiredOption('--reason <text>', 'why; the owner of the account reads it')
      .action((who: string, options: ActOptions) => run(actOnAccountCommand(deed))(who, options));
}

function addAuditCommands(admin: Command, run: Run): void {
  const audit = admin.command('audit').description('the trail of every act that matters for safety');
  withJson(audit.command('list'))
    .description('list entries, the newest first; support names an account')
    .option('--kind <kind>', 'of this kind, for example device-revoked')
    .option('--account <id>', 'that concern this account')
    .option('--family <id>', 'that concern this family')
    .option('--newest <n>', 'so many at most (50 unless given)', wholeNumber)
    .action((options: ListAuditOptions) => run(listAuditCommand)(options));
  withJson(audit.command('export'))
    .argument('<file>', 'a new file')
    .description('write the whole trail into a file, as lines of JSON, and check it')
    .action((file: string) => run(exportAuditCommand)(file));
  withJson(audit.command('check'))
    .argument('[file]', 'an export; it is checked here, without the server')
    .description(
      'check the trail for entries that were changed, removed or moved; without a file, on the server',
    )
    .option(
      '--key <key>',
      'the key that checkpoints must be signed with, instead of the one that the file names',
    )
    .action((file: string | undefined, options: CheckAuditOptions) => run(checkAuditCommand)(file, options));
}

function addIntegrityCommands(admin: Command, run: Run): void {
  const scrub = admin.command('scrub').description('the reading of every copy in every location');
  withJson(scrub.command('start'))
    .description('begin one now; one that runs already goes on')
    .option('--wait', 'until it has ended and what can be repaired is repaired')
    .action((options: StartScrubOptions) => run(startScrubCommand)(options));
  withJson(scrub.command('status'))
    .description('how far the newest one has come, and what it found')
    .action(() => run(scrubStatusCommand)());
  withJson(admin.command('locations'))
    .description('list the storage locations with their copies')
    .action(() => run(locationsCommand)());
  const quota = admin.command('quota').description('how much somebody may keep');
  for (const holder of ['account', 'family'] as const)
    withJson(quota.command(holder))
      .argument('<id>', `id of the ${holder}`)
      .argument('<size>', 'such as 50GiB; "unlimited"; "default" for what the installation allows')
      .description(holder === 'account' ? 'one person' : 'all members of a family together')
      .action((id: string, size: string) => run(setQuotaCommand)(holder, id, size));
  withJson(admin.command('findings'))
    .description('list what scrubs found, the newest first')
    .option('--scrub <id>', 'what this scrub saw last')
    .addOption(new Option('--state <state>', 'in this state only').choices(findingState.options))
    .option('--newest <n>', 'so many at most', wholeNumber)
    .action((options: FindingsOptions) => run(findingsCommand)(options));
}
