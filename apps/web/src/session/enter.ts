/** What it takes to come in with a password. */
export { checkPassword, logIn, signUp } from '@heirloom/client';
