import { AppError } from '../base/app-error.ts';

/** Why a login of staff failed is the same whatever was wrong; the client says so too when it finds the password wrong by itself. */
export const staffLoginFailed = (): AppError =>
  new AppError('login-failed', {
    detail:
      'The e-mail address, the password or the code is wrong. A code is good once: wait for the next one.',
  });
