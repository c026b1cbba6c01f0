import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  redirect,
} from '@tanstack/react-router';
import { findingState, type FindingState } from '@heirloom/contracts';
import { base } from './base.ts';
import { session } from '../session/staff-session.ts';
import { Shell } from '../shell/shell.tsx';
import { FailedPage } from './failed-page.tsx';
import { MissingPage } from './missing-page.tsx';

const root = createRootRoute({
  component: Shell,
  notFoundComponent: MissingPage,
  errorComponent: FailedPage,
});

/** Whoever is signed in is sent on. */
const outside = createRoute({
  getParentRoute: () => root,
  id: 'outside',
  beforeLoad: () => {
    if (session.get().kind === 'in') throw redirect({ to: '/', replace: true });
  },
});

const inside = createRoute({
  getParentRoute: () => root,
  id: 'inside',
  beforeLoad: () => {
    if (session.get().kind === 'out') throw redirect({ to: '/sign-in', replace: true });
  },
});

/** Support is sent to its desk. */
const forOperators = {
  beforeLoad: () => {
    const state = session.get();
    if (state.kind === 'in' && state.staff.profile.role === 'support')
      throw redirect({ to: '/accounts', replace: true });
  },
};

const outsidePages = [
  createRoute({
    getParentRoute: () => outside,
    path: '/sign-in',
    component: lazyRouteComponent(() => import('../session/sign-in-page.tsx'), 'SignInPage'),
  }),
  createRoute({
    getParentRoute: () => outside,
    path: '/set-up',
    component: lazyRouteComponent(() => import('../session/set-up-page.tsx'), 'SetUpPage'),
  }),
];

const insidePages = [
  createRoute({
    getParentRoute: () => inside,
    path: '/',
    ...forOperators,
    component: lazyRouteComponent(() => import('../overview/overview-page.tsx'), 'OverviewPage'),
  }),
  createRoute({
    getParentRoute: () => inside,
    path: '/locations',
    ...forOperators,
    component: lazyRouteComponent(() => import('../locations/locations-page.tsx'), 'LocationsPage'),
  }),
  createRoute({
    getParentRoute: () => inside,
    path: '/scrubs',
    ...forOperators,
    component: lazyRouteComponent(() => import('../scrubs/scrubs-page.tsx'), 'ScrubsPage'),
  }),
  createRoute({
    getParentRoute: () => inside,
    path: '/findings',
    ...forOperators,
    validateSearch: ({
      scrub,
      state,
    }: Record<string, unknown>): { scrub?: string; state?: FindingState } => ({
      ...(typeof scrub === 'string' ? { scrub } : {}),
      ...(findingState.options.includes(state as FindingState) ? { state: state as FindingState } : {}),
    }),
    component: lazyRouteComponent(() => import('../findings/findings-page.tsx'), 'FindingsPage'),
  }),
  createRoute({
    getParentRoute: () => inside,
    path: '/accounts',
    component: lazyRouteComponent(() => import('../accounts/accounts-page.tsx'), 'AccountsPage'),
  }),
  createRoute({
    getParentRoute: () => inside,
    path: '/accounts/$accountId',
    component: lazyRouteComponent(() => import('../accounts/account-page.tsx'), 'AccountPage'),
  }),
  createRoute({
    getParentRoute: () => inside,
    path: '/families',
    ...forOperators,
    component: lazyRouteComponent(() => import('../families/families-page.tsx'), 'FamiliesPage'),
  }),
  createRoute({
    getParentRoute: () => inside,
    path: '/families/$familyId',
    component: lazyRouteComponent(() => import('../families/family-page.tsx'), 'FamilyPage'),
  }),
  createRoute({
    getParentRoute: () => inside,
    path: '/staff',
    ...forOperators,
    component: lazyRouteComponent(() => import('../staff/staff-page.tsx'), 'StaffPage'),
  }),
  createRoute({
    getParentRoute: () => inside,
    path: '/jobs',
    ...forOperators,
    component: lazyRouteComponent(() => import('../jobs/jobs-page.tsx'), 'JobsPage'),
  }),
  createRoute({
    getParentRoute: () => inside,
    path: '/audit',
    ...forOperators,
    component: lazyRouteComponent(() => import('../audit/audit-page.tsx'), 'AuditPage'),
  }),
  createRoute({
    getParentRoute: () => inside,
    path: '/settings',
    ...forOperators,
    component: lazyRouteComponent(() => import('../settings/settings-page.tsx'), 'SettingsPage'),
  }),
];

const tree = root.addChildren([outside.addChildren(outsidePages), inside.addChildren(insidePages)]);

export const router = createRouter({
  routeTree: tree,
  basepath: base,
  defaultPreload: false,
  scrollRestoration: true,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
