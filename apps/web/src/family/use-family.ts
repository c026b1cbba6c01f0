import { useQuery } from '@tanstack/react-query';
import { ask } from '../engine/use-engine.ts';

/** Everybody of the family, and the invites that are open. */
export const useFamily = () =>
  useQuery({ queryKey: ['family', 'overview'], queryFn: () => ask((engine) => engine.family.overview()) });
