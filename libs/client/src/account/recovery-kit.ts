import type { Profile } from './profile.ts';
import type { RecoveryKey } from './recovery-key.ts';

/** What a person prints and puts in a safe place. */
export interface RecoveryKit {
  server: string;
  email: string;
  words: readonly string[];
  madeAt: Date;
  /** For a QR code: the words with spaces between them, as they would be typed. */
  qrPayload: string;
}

export const recoveryKit = (
  { server, email }: Pick<Profile, 'server' | 'email'>,
  { words }: Pick<RecoveryKey, 'words'>,
  madeAt = new Date(),
): RecoveryKit => ({ server, email, words, madeAt, qrPayload: words.join(' ') });

const columns = 4;

/** The kit as plain text, for paper. */
export function recoveryKitText({ server, email, words, madeAt }: RecoveryKit): string {
  const rows = Math.ceil(words.length / columns);
  const cell = (i: number) => `${String(i + 1).padStart(2)}. ${words[i] ?? ''}`.padEnd(16);
  const lines = Array.from({ length: rows }, (_, row) =>
    Array.from({ length: columns }, (__, column) => cell(row + column * rows))
      .join('')
      .trimEnd(),
  );
  return [
    'HEIRLOOM RECOVERY KIT',
    '',
    'With these 24 words you can set a new password when you have forgotten yours, and get',
    'all your photos back on a new device. Whoever has them can do the same: keep this sheet',
    'where you keep your passport. Nobody else can replace it, not even who runs the server.',
    '',
    `Server   ${server}`,
    `E-mail   ${email}`,
    `Made on  ${madeAt.toISOString().slice(0, 10)}`,
    '',
    ...lines,
    '',
    `To use it: open ${server} and choose "I forgot my password", or run "heirloom recover".`,
  ].join('\n');
}
