import { AppError, newId, type AccountId, type LibraryId, type UnlockId } from '@heirloom/contracts';
import {
  createKeyring,
  kemKeyPair,
  deriveKey,
  makeUnlock,
  newRecoveryWords,
  openKeyring,
  readRecoveryWords,
  recoveryAccess,
  recoveryWordList,
  storeKeyring,
} from '../src/index.ts';
import {
  assert,
  assertBytes,
  assertEqual,
  check,
  hex,
  refuses,
  type Check,
  type SuiteInput,
} from './check.ts';

/** What reading says against these words. */
function complaint(words: string): string {
  try {
    readRecoveryWords(words);
  } catch (error) {
    assert(error instanceof AppError && error.code === 'bad-request', 'a refusal for people');
    return error.message;
  }
  return 'nothing';
}

const swapped = (words: readonly string[], a: number, b: number): string =>
  words.map((word, i) => (i === a ? words[b] : i === b ? words[a] : word)).join(' ');

export const recoveryChecks = ({ ports, vectors }: SuiteInput): Check[] => [
  check('frozen recovery words give the frozen secret, access code and key pair', async () => {
    const { words, secret, accessCode, accessHash, publicKeySha256 } = vectors.recovery;
    const read = readRecoveryWords(words);
    assertEqual(hex(read), secret, 'secret');
    assertEqual(hex(recoveryAccess(read).accessCode), accessCode, 'access code');
    assertEqual(hex(recoveryAccess(read).accessHash), accessHash, 'access hash');
    const { publicKey } = await kemKeyPair(deriveKey(read, 'unlock/recovery'));
    assertEqual(hex(await ports.digest(publicKey)), publicKeySha256, 'public key');
  }),
  check('recovery words are read however they are typed', () => {
    const { words, secret } = vectors.recovery;
    const list = words.split(' ').map((word, i) => `${i + 1}. ${word}`);
    for (const typed of [words.toUpperCase(), ` \n${words.replaceAll(' ', '\t \r\n')} `, list.join('\n')])
      assertEqual(hex(readRecoveryWords(typed)), secret, typed);
    assertEqual(hex(readRecoveryWords(words.split(' '))), secret, 'a list');
    return Promise.resolve();
  }),
  check('wrong recovery words are told by a sentence each', () => {
    const words = vectors.recovery.words.split(' ');
    const strange = words.with(2, 'efort').join(' ');
    assert(complaint(strange).includes('Word 3, "efort"'), complaint(strange));
    assert(complaint(words.slice(1).join(' ')).includes('these are 23'), 'one too few');
    assert(complaint([...words, 'void'].join(' ')).includes('these are 25'), 'one too many');
    assert(complaint('').includes('these are 0'), 'none');
    assert(complaint(swapped(words, 0, 5)).includes('do not belong together'), 'swapped');
    return Promise.resolve();
  }),
  check('new recovery words are 24 of the list, other ones each time, and open the keyring', async () => {
    const words = newRecoveryWords();
    assertEqual(words.length, 24, 'words');
    assert(
      words.every((word) => recoveryWordList.includes(word)),
      'all of the list',
    );
    assert(words.join(' ') !== newRecoveryWords().join(' '), 'random');
    const account = newId<AccountId>();
    const open = await createKeyring(account, newId<LibraryId>());
    const secret = readRecoveryWords(words);
    const unlock = await makeUnlock(open, { unlockId: newId<UnlockId>(), kind: 'recovery', secret });
    const stored = { accountId: account, unlock, keyring: await storeKeyring(open) };
    assertBytes((await openKeyring(stored, secret)).masterKey, open.masterKey, 'master key');
    const other = readRecoveryWords(newRecoveryWords());
    await refuses(() => openKeyring(stored, other), ['unlock'], 'other words');
    // The same words by another name are another key pair: kinds cannot be exchanged.
    const renamed = { ...stored, unlock: { ...unlock, kind: 'password' as const } };
    await refuses(() => openKeyring(renamed, secret), ['unlock'], 'another kind');
  }),
];
