import type { Command } from 'commander';
import { wholeNumber, withJson, type Run } from '../../program-parts.ts';
import { findingsCommand, type FindingsOptions } from './findings.ts';
import { locationsCommand } from './locations.ts';
import { listOperatorsCommand } from './operators.ts';
import { setQuotaCommand } from './quotas.ts';
import {
  adminLogInCommand,
  adminLogOutCommand,
  adminSetupCommand,
  type AdminLogInOptions,
  type AdminSetupOptions,
} from './sign-in.ts';
import { scrubStatusCommand, startScrubCommand, type StartScrubOptions } from './scrubs.ts';

const withServer = (command: Command): Command =>
  withJson(command)
    .requiredOption('--server <url>', 'address of the server, for example https://photos.example.org')
    .requiredOption('--email <address>', 'e-mail address of the operator')
    .option('--allow-http', 'allow plain http to another machine: access tokens can be read on the way');

/** What those do who run a server. They sign in apart from people and see no photo. */
export function addAdminCommands(program: Command, run: Run): void {
  const admin = program
    .command('admin')
    .description('for the operator, who runs the server and sees no photo');
  withServer(admin.command('setup'))
    .description('become the operator, by the setup token that the server printed at its first start')
    .requiredOption('--token <token>', 'the setup token; it is good once')
    .action((options: AdminSetupOptions) => run(adminSetupCommand)(options));
  withServer(admin.command('login'))
    .description('sign in as the operator on this device')
    .action((options: AdminLogInOptions) => run(adminLogInCommand)(options));
  withJson(admin.command('logout'))
    .description('sign the operator out on this device')
    .action(() => run(adminLogOutCommand)());
  withJson(admin.command('operators'))
    .description('list the operators')
    .action(() => run(listOperatorsCommand)());
  addIntegrityCommands(admin, run);
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
    .option('--newest <n>', 'so many at most', wholeNumber)
    .action((options: FindingsOptions) => run(findingsCommand)(options));
}
