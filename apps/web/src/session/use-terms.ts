import { useQuery } from '@tanstack/react-query';
import { ask } from '../engine/use-engine.ts';

/** What the server asks of people who come for the first time. */
export const useTerms = () =>
  useQuery({ queryKey: ['connection', 'terms'], queryFn: () => ask((engine) => engine.session.terms()) });
