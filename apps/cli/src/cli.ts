import { albumRole, AppError } from '@heirloom/contracts';
import { Command, CommanderError, Option } from 'commander';
import { addAdminCommands } from './commands/admin/admin.ts';
import { activityCommand, type ActivityOptions } from './commands/activity.ts';
import {
  createAlbumCommand,
  listAlbumsCommand,
  shareAlbumCommand,
  unshareAlbumCommand,
  type ShareOptions,
  type UnshareOptions,
} from './commands/albums.ts';
import { backupCommand, type BackupOptions } from './commands/backup.ts';
import { listDevicesCommand, revokeDeviceCommand } from './commands/devices.ts';
import { addFamilyCommands } from './commands/family/family.ts';
import { getCommand, type GetOptions } from './commands/get.ts';
import { logOutCommand } from './commands/logout.ts';
import {
  captionCommand,
  favouriteCommand,
  type CaptionOptions,
  type FavouriteOptions,
} from './commands/notes.ts';
import { noticesCommand } from './commands/notices.ts';
import {
  changePasswordCommand,
  confirmRecoveryKeyCommand,
  makeRecoveryKeyCommand,
  recoverCommand,
  type RecoverOptions,
} from './commands/recovery.ts';
import { lsCommand, type LsOptions } from './commands/ls.ts';
import { checkReleaseCommand, type ReleaseOptions } from './commands/release.ts';
import { logInCommand, signUpCommand, type LogInOptions, type SignUpOptions } from './commands/sign-in.ts';
import {
  emptyTrashCommand,
  listTrashCommand,
  restoreCommand,
  trashCommand,
  type EmptyTrashOptions,
} from './commands/trash.ts';
import { trustCommand, type TrustOptions } from './commands/trust.ts';
import { usageCommand } from './commands/usage.ts';
import { verifyCommand, type VerifyOptions } from './commands/verify.ts';
import type { Context } from './context.ts';
import type { Environment } from './environment.ts';
import { failureOf } from './output/failure.ts';
import { exitCodes, Interrupted, type CommandResult, type Io } from './output/io.ts';
import { wholeNumber, withJson, type Run } from './program-parts.ts';
import { version } from './version.ts';

/**
 * Runs one command.
 * @param argv - what stands behind the program's name.
 * @returns the exit code: 0 when all went well, 1 when anything failed, 2 for a command that makes no sense, 130 when it
 * was interrupted.
 */
export async function main(argv: readonly string[], env: Environment, io: Io): Promise<number> {
  const context: Context = { env, io };
  const wantsJson = argv.includes('--json');
  let exitCode: number = exitCodes.ok;
  const program = new Command('heirloom').exitOverride().configureOutput({
    writeOut: (text) => (wantsJson ? io.err(text.trimEnd()) : io.out(text.trimEnd())),
    writeErr: (text) => io.err(text.trimEnd()),
  });
  addCommands(program, (work) => async (...args) => {
    exitCode = speak(await work(context, ...args), io, wantsJson);
  });
  try {
    await program.parseAsync([...argv], { from: 'user' });
    return exitCode;
  } catch (error) {
    return complain(error, io, wantsJson);
  }
}

function speak(result: CommandResult, io: Io, wantsJson: boolean): number {
  for (const remark of result.remarks ?? []) io.err(remark);
  if (wantsJson) io.out(JSON.stringify(result.document, null, 2));
  else for (const line of result.lines) io.out(line);
  return result.exitCode ?? exitCodes.ok;
}

function complain(error: unknown, io: Io, wantsJson: boolean): number {
  if (error instanceof CommanderError) {
    if (error.exitCode === 0) return exitCodes.ok;
    const message = error.message.replace(/^error: /, '');
    if (wantsJson) io.out(JSON.stringify({ error: { code: 'bad-request', message } }, null, 2));
    return exitCodes.usage;
  }
  const failure = failureOf(io.signal.aborted ? new Interrupted() : error);
  io.err(failure.message);
  if (failure.code === 'internal' && !(error instanceof AppError) && error instanceof Error)
    io.err(error.stack ?? '');
  if (wantsJson) io.out(JSON.stringify({ error: failure }, null, 2));
  return failure.code === 'interrupted' ? exitCodes.interrupted : exitCodes.failed;
}

/** Commands take over the settings that the program has when they are added. */
function addCommands(program: Command, run: Run): void {
  program
    .description('Keeps a family’s photos, encrypted on this device before they leave it.')
    .version(version(), '--version', 'say which release this is')
    .showHelpAfterError('Try "heirloom --help".')
    .addHelpText(
      'after',
      '\nHEIRLOOM_HOME names the profile folder. HEIRLOOM_PASSWORD, HEIRLOOM_NEW_PASSWORD (for passwd) and HEIRLOOM_RECOVERY_WORDS answer instead of a prompt.',
    );
  addAccountCommands(program, run);
  addPhotoCommands(program, run);
  addNotesCommands(program, run);
  addTrashCommands(program, run);
  addAlbumCommands(program, run);
  addFamilyCommands(program, run);
  addAdminCommands(program, run);
  addReleaseCommands(program, run);
}

const withServer = (command: Command): Command =>
  withJson(command)
    .requiredOption('--server <url>', 'address of the server, for example https://photos.example.org')
    .requiredOption('--email <address>', 'e-mail address of the account')
    .option('--device <name>', 'name of this device (this computer’s name unless given)')
    .option('--allow-http', 'allow plain http to another machine: access tokens can be read on the way');

function addAccountCommands(program: Command, run: Run): void {
  withServer(program.command('signup'))
    .description('create an account and a family of your own')
    .requiredOption('--name <name>', 'your name')
    .option('--invitation <code>', 'for a server that accepts new families by invitation')
    .action((options: SignUpOptions) => run(signUpCommand)(options));
  withServer(program.command('login'))
    .description('sign this device in to an account that exists')
    .action((options: LogInOptions) => run(logInCommand)(options));
  withJson(program.command('logout'))
    .description('sign this device out and forget its keys')
    .action(() => run(logOutCommand)());
  addRecoveryCommands(program, run);
  withJson(program.command('usage'))
    .description('how much the server keeps of you, and how much it may')
    .action(() => run(usageCommand)());
  withJson(program.command('notices'))
    .description('what is new: devices, people, albums, your recovery key')
    .action(() => run(noticesCommand)());
  withJson(program.command('activity'))
    .description('what happened to your account and in your family, and who did it')
    .option('--newest <n>', 'so many at most (50 unless given)', wholeNumber)
    .action((options: ActivityOptions) => run(activityCommand)(options));
  withJson(program.command('trust'))
    .argument('<server>', 'its address, for example https://192.168.1.5:8080')
    .description('trust a server whose certificate this machine does not know, by its fingerprint')
    .requiredOption('--fingerprint <sha256>', 'of its authority, as Heirloom printed it at its start')
    .action((server: string, options: TrustOptions) => run(trustCommand)(server, options));
  const devices = program.command('devices').description('the devices that are signed in');
  withJson(devices.command('ls'))
    .description('list them')
    .action(() => run(listDevicesCommand)());
  withJson(devices.command('revoke'))
    .argument('<id>', 'id of the device, or how it begins')
    .description('sign another device out, everywhere within seconds')
    .action((id: string) => run(revokeDeviceCommand)(id));
}

function addRecoveryCommands(program: Command, run: Run): void {
  withJson(program.command('passwd'))
    .description('change your password')
    .action(() => run(changePasswordCommand)());
  const key = program
    .command('recovery-key')
    .description('make a recovery key: 24 words for the day when you have forgotten your password');
  withJson(key).action((options: { json?: boolean }) => run(makeRecoveryKeyCommand)(options));
  withJson(key.command('confirm'))
    .description('type the words of your kit, to see that it is the right one')
    .action(() => run(confirmRecoveryKeyCommand)());
  withJson(program.command('recover'))
    .description('sign in by the 24 words of your recovery key and set a new password')
    .requiredOption('--server <url>', 'address of the server, as your kit names it')
    .option('--email <address>', 'e-mail address of the account; asked for unless given')
    .option('--device <name>', 'name of this device (this computer’s name unless given)')
    .option('--allow-http', 'allow plain http to another machine: access tokens can be read on the way')
    .action((options: RecoverOptions) => run(recoverCommand)(options));
}

function addPhotoCommands(program: Command, run: Run): void {
  withJson(program.command('backup'))
    .argument('<path...>', 'files and folders')
    .description('store files and everything below folders, except what is stored already')
    .option('--album <name>', 'put them into this album; it is made when there is none')
    .addHelpText(
      'after',
      '\nBelow a folder, names that begin with a dot are left out and links are not followed. Name them to store them.',
    )
    .action((paths: string[], options: BackupOptions) => run(backupCommand)(paths, options));
  withJson(program.command('ls'))
    .description('list photos')
    .option('--album <name>', 'those of this album')
    .action((options: LsOptions) => run(lsCommand)(options));
  withJson(program.command('get'))
    .argument('[id...]', 'ids of photos, or how they begin')
    .description('write originals into a folder, as they were')
    .option('--all', 'all photos of the library, or of the album')
    .option('--album <name>', 'of this album')
    .requiredOption('--to <folder>', 'the folder; it is made when there is none')
    .action((ids: string[], options: GetOptions) => run(getCommand)(ids, options));
  withJson(program.command('verify'))
    .description('read photos back and prove every byte on this device; ask the server to re-read its copies')
    .option('--sample <n>', 'so many photos, chosen by chance (20 unless given)', wholeNumber)
    .option('--all', 'all photos')
    .action((options: VerifyOptions) => run(verifyCommand)(options));
}

function addNotesCommands(program: Command, run: Run): void {
  withJson(program.command('favourite'))
    .argument('<id...>', 'ids of photos, or how they begin')
    .description('mark photos as your favourites; nobody else sees it')
    .option('--off', 'they are your favourites no longer')
    .option('--album <name>', 'photos of this album')
    .action((ids: string[], options: FavouriteOptions) => run(favouriteCommand)(ids, options));
  withJson(program.command('caption'))
    .argument('<id>', 'id of a photo, or how it begins')
    .argument('<text>', 'the caption; "" takes it away')
    .description('write a caption that only you can read')
    .option('--album <name>', 'a photo of this album')
    .action((id: string, text: string, options: CaptionOptions) => run(captionCommand)(id, text, options));
}

function addTrashCommands(program: Command, run: Run): void {
  const trash = withJson(program.command('trash'))
    .argument('[id...]', 'ids of photos, or how they begin')
    .description('move photos to the trash; nothing is deleted before its time')
    .action((ids: string[]) => run(trashCommand)(ids));
  withJson(trash.command('ls'))
    .description('list what is in the trash')
    .action(() => run(listTrashCommand)());
  withJson(trash.command('empty'))
    .description('hide what is in the trash; the server deletes it when its time has come')
    .option('--yes', 'really do it')
    .action((options: EmptyTrashOptions) => run(emptyTrashCommand)(options));
  withJson(program.command('restore'))
    .argument('<id...>', 'ids of photos, or how they begin')
    .description('bring photos back from the trash, into their albums too')
    .action((ids: string[]) => run(restoreCommand)(ids));
}

function addAlbumCommands(program: Command, run: Run): void {
  const album = program.command('album').description('albums');
  withJson(album.command('ls'))
    .description('list them')
    .action(() => run(listAlbumsCommand)());
  withJson(album.command('create'))
    .argument('<name>', 'its name')
    .description('make one')
    .action((name: string) => run(createAlbumCommand)(name));
  withJson(album.command('share'))
    .argument('<name>', 'its name, or its id')
    .description('give it to somebody of your family, with all that is in it')
    .requiredOption('--with <email>', 'e-mail address of the person')
    .addOption(
      new Option('--role <role>', 'viewers look, contributors add, managers share it on')
        .choices(albumRole.options)
        .makeOptionMandatory(),
    )
    .action((name: string, options: ShareOptions) => run(shareAlbumCommand)(name, options));
  withJson(album.command('unshare'))
    .argument('<name>', 'its name, or its id')
    .description('take it from somebody, and change its key')
    .requiredOption('--with <email>', 'e-mail address of the person')
    .action((name: string, options: UnshareOptions) => run(unshareAlbumCommand)(name, options));
}

function addReleaseCommands(program: Command, run: Run): void {
  const release = program.command('release').description('the web pages that a server serves');
  withJson(release.command('check'))
    .description('fetch every file of the web pages and compare it with a release that you trust')
    .requiredOption('--server <url>', 'address of the server, for example https://photos.example.org')
    .option(
      '--against <file>',
      'list of the release, as --json prints it (the pages built beside this program unless given)',
    )
    .option('--allow-http', 'allow plain http to another machine')
    .action((options: ReleaseOptions) => run(checkReleaseCommand)(options));
}
