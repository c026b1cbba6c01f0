import { Option, type Command } from 'commander';
import { invitedRole } from '@heirloom/contracts';
import { withJson, type Run } from '../../program-parts.ts';
import { acceptCommand, type AcceptOptions } from './accept.ts';
import { inviteCommand, revokeInviteCommand, type InviteCommandOptions } from './invite.ts';
import { listFamilyCommand, removeMemberCommand, renameMeCommand } from './members.ts';
import { verifyPersonCommand, type VerifyPersonOptions } from './verify-person.ts';

/** `heirloom family …` */
export function addFamilyCommands(program: Command, run: Run): void {
  const family = program.command('family').description('the people of your family');
  withJson(family.command('ls'))
    .description('list them, and the invites that are open')
    .action(() => run(listFamilyCommand)());
  withJson(family.command('invite'))
    .description('make a link by which one person can join')
    .addOption(new Option('--role <role>', 'what they will be').choices(invitedRole.options).default('adult'))
    .addHelpText('after', '\nWhoever has the link can join, until it is used, taken back, or expires.')
    .action((options: InviteCommandOptions) => run(inviteCommand)(options));
  withJson(family.command('uninvite'))
    .argument('<id>', 'id of the invite, or how it begins')
    .description('take an invite back')
    .action((id: string) => run(revokeInviteCommand)(id));
  withJson(family.command('accept'))
    .argument('<link>', 'the whole link, in quotes')
    .description('join a family; makes an account when this profile is not signed in')
    .option('--name <name>', 'your name')
    .option('--email <address>', 'e-mail address of your new account')
    .option('--device <name>', 'name of this device (this computer’s name unless given)')
    .option('--allow-http', 'allow plain http to another machine: access tokens can be read on the way')
    .action((link: string, options: AcceptOptions) => run(acceptCommand)(link, options));
  withJson(family.command('verify'))
    .argument('<email>', 'e-mail address of the person')
    .description('show the safety number that both of you must see')
    .option('--same', 'note that you compared it and it was the same')
    .action((email: string, options: VerifyPersonOptions) => run(verifyPersonCommand)(email, options));
  withJson(family.command('rename-me'))
    .argument('<name>', 'your name')
    .description('change what your family calls you')
    .action((name: string) => run(renameMeCommand)(name));
  withJson(family.command('remove'))
    .argument('<email>', 'e-mail address of the person')
    .description(
      'remove somebody, everywhere within seconds, and change the keys; or leave, with your own address',
    )
    .action((email: string) => run(removeMemberCommand)(email));
}
