import { useQuery } from '@tanstack/react-query';
import { ask } from '../engine/use-engine.ts';

/** Whether the person can come back without their password; an error while nobody can say. */
export const useRecoveryKey = () =>
  useQuery({
    queryKey: ['session', 'recovery-key'],
    queryFn: () => ask((engine) => engine.session.recoveryKey()),
  });
