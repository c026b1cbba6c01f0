import type { RouteContract } from './route.ts';

/** Routes that nobody but staff needs to reach, also those by which they sign in. */
export const isStaffRoute = ({ access, path }: Pick<RouteContract, 'access' | 'path'>): boolean =>
  access === 'operator' || access === 'staff' || /^\/api\/[a-z]+\/(?:staff|operators)(?:\/|$)/.test(path);
