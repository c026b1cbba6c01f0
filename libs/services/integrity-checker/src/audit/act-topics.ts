import type { StaffTopic } from '@heirloom/contracts';

/** By the first word of a kind: what pages of the staff show that has changed with such an act. */
const byWord: Readonly<Record<string, StaffTopic>> = {
  account: 'accounts',
  device: 'accounts',
  signed: 'accounts',
  login: 'accounts',
  password: 'accounts',
  recovery: 'accounts',
  sessions: 'accounts',
  staff: 'staff',
  family: 'families',
  invite: 'families',
  member: 'families',
  role: 'families',
  quota: 'quotas',
};

/** Services need not tell twice what they have recorded: the trail hears of it within seconds. */
export const topicsOf = (kinds: readonly string[]): StaffTopic[] => [
  'audit',
  ...new Set(kinds.flatMap((kind) => byWord[kind.split('-', 1)[0]!] ?? [])),
];
