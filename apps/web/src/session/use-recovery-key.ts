import { useQuery } from '@tanstack/react-query';
import { ask } from '../engine/use-engine.ts';

/** Whether the person can come back without their password; an error while nobody can say. */
export const useRecoveryKey = () =>
  useQuery({
    queryKey: ['session', 'recovery-key'],
    queryFn: () => ask((engine) => engine.session.recoveryKey()),
  });

/** The same, as the server said it last: at once, before it can be asked. Null when it never did. */
export const useKeptRecoveryKey = () =>
  useQuery({
    queryKey: ['session', 'kept-recovery-key'],
    queryFn: () => ask((engine) => engine.session.keptRecoveryKey()),
  });
