import { AppError, sizeText } from '@heirloom/contracts';

/** The refusal of what would pass a quota, as a person can understand it: how much is used, of what, and what helps. */
export const storageFull = (
  { holder, bytes }: { holder: 'account' | 'family'; bytes: number },
  keptBytes: number,
  lengthBytes: number,
): AppError =>
  new AppError('quota-exceeded', {
    detail:
      `${holder === 'account' ? 'Your storage is full' : 'The storage of your family is full'}: ` +
      `${sizeText(keptBytes)} of ${sizeText(bytes)} are taken, and this needs ${sizeText(lengthBytes)}. ` +
      'Ask the person who runs this server for more room. ' +
      'What you delete makes room 30 days later, once the trash is emptied.',
  });
