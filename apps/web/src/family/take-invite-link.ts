import { takeInviteLink } from './invite-link.ts';

// Imported before anything that looks at the address.
takeInviteLink();
