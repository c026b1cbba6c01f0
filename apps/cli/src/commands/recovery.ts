import {
  changePassword,
  checkPassword,
  checkRecoveryKey,
  confirmRecoveryKey,
  isSameWord,
  makeRecoveryKey,
  openAccount,
  recoverAccount,
  recoveryKit,
  recoveryKitText,
  serverOrigin,
  wordsToAskFor,
} from '@heirloom/client';
import { AppError } from '@heirloom/contracts';
import { readRecoveryWords, recoveryWordCount } from '@heirloom/crypto';
import { openProfile, signedIn, type Context } from '../context.ts';
import type { CommandResult } from '../output/io.ts';
import { nodePorts } from '../ports/node-ports.ts';
import { currentPassword, newPassword, requireSignedOut, settle, deviceName } from './sign-in.ts';

const wordsAsked = 3;
const attempts = 3;

/**
 * `heirloom recovery-key`: makes a recovery key, shows its kit once, and has some words typed back.
 * JSON: `{unlockId, words, server, email, confirmed}`; with `--json` nothing is asked back: see the command `confirm`.
 */
export async function makeRecoveryKeyCommand(
  context: Context,
  { json }: { json?: boolean },
): Promise<CommandResult> {
  using profile = await openProfile(context);
  const account = await signedIn(profile, context);
  const key = await makeRecoveryKey(account, await currentPassword(context));
  const kit = recoveryKit(account.profile, key);
  const asks = json !== true && context.io.isAsked;
  if (asks) context.io.out(`${recoveryKitText(kit)}\n`);
  const confirmed = asks && (await askBack(context, key.words));
  if (confirmed) await confirmRecoveryKey(account, key);
  const { server, email, words } = kit;
  return {
    document: { unlockId: key.unlockId, words, server, email, confirmed },
    lines: asks ? [] : [recoveryKitText(kit)],
    remarks: [
      'Print this or write it down now: nobody can show these words again. A kit from before is of no use any more.',
      confirmed
        ? 'Your recovery key is confirmed.'
        : 'Not confirmed yet. When you have the words on paper, type them: "heirloom recovery-key confirm".',
    ],
  };
}

/** Has some of the words typed back, as long as the person tries. */
async function askBack({ io }: Context, words: readonly string[]): Promise<boolean> {
  for (const position of wordsToAskFor(wordsAsked, words.length)) {
    for (let attempt = 1; ; attempt++) {
      const typed = await io.ask(`Word ${position + 1} of your kit`);
      if (isSameWord(typed, words[position] ?? '')) break;
      if (attempt === attempts) return false;
      io.err(`Word ${position + 1} is another one. Look at your kit again.`);
    }
  }
  return true;
}

/**
 * `heirloom recovery-key confirm`: whether the kit at hand is the right one.
 * JSON: `{unlockId, confirmedAt}`
 */
export async function confirmRecoveryKeyCommand(context: Context): Promise<CommandResult> {
  using profile = await openProfile(context);
  const account = await signedIn(profile, context);
  const { unlockId, confirmedAt } = await checkRecoveryKey(account, await askForWords(context));
  return {
    document: { unlockId, confirmedAt },
    lines: ['These are the words of your recovery key. Keep them in a safe place.'],
  };
}

export interface RecoverOptions {
  server: string;
  email?: string;
  device?: string;
  allowHttp?: boolean;
}

/**
 * `heirloom recover`: back in by the 24 words, with a new password.
 * JSON: `{server, account: {id, email}, device: {id, name}}`
 */
export async function recoverCommand(context: Context, options: RecoverOptions): Promise<CommandResult> {
  const server = serverOrigin(options.server, { allowHttp: options.allowHttp ?? false });
  using profile = await openProfile(context);
  await requireSignedOut(profile);
  const email = options.email ?? (await context.io.ask('E-mail address'));
  const words = await askForWords(context);
  const password = await newPassword(context, 'New password');
  const name = deviceName(options);
  profile.forgetRecords();
  const keys = await recoverAccount(profile, {
    server,
    email,
    words,
    newPassword: password,
    deviceName: name,
  });
  await settle(profile);
  const account = await openAccount(profile, { ports: nodePorts });
  return {
    document: {
      server: keys.server,
      account: { id: keys.accountId, email: keys.email },
      device: { id: keys.deviceId, name },
    },
    lines: [
      `Welcome back. This device is signed in as ${account.profile.email}, and your new password is set.`,
    ],
    remarks: [
      'Your other devices are still signed in. If somebody else may have one of them: "heirloom devices ls" and "heirloom devices revoke".',
      'Your recovery key stays good. If somebody else may have seen the words, make a new one: "heirloom recovery-key".',
    ],
  };
}

/**
 * `heirloom passwd`
 * JSON: `{changed: true}`
 */
export async function changePasswordCommand(context: Context): Promise<CommandResult> {
  using profile = await openProfile(context);
  const account = await signedIn(profile, context);
  const current = await currentPassword(context, 'Current password');
  const next =
    context.env.HEIRLOOM_NEW_PASSWORD ?? (await newPassword({ ...context, env: {} }, 'New password'));
  checkPassword(next);
  await changePassword(account, { current, next });
  return {
    document: { changed: true },
    lines: ['Your password is changed. Your other devices stay signed in.'],
  };
}

/** Asks until the words can be right: a line may hold all of them or some. */
async function askForWords({ env, io }: Context): Promise<string> {
  if (env.HEIRLOOM_RECOVERY_WORDS !== undefined) return env.HEIRLOOM_RECOVERY_WORDS;
  for (;;) {
    const words: string[] = [];
    while (words.length < recoveryWordCount) {
      const question =
        words.length === 0 ? 'The 24 words of your kit, in order' : `Word ${words.length + 1} and on`;
      const typed = (await io.ask(question)).split(/\s+/).filter(Boolean);
      if (typed.length === 0) break;
      words.push(...typed);
    }
    try {
      readRecoveryWords(words);
      return words.join(' ');
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      io.err(error.message);
    }
  }
}
