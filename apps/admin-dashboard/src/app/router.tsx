import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  redirect,
} from '@tanstack/react-router';
import { session } from '../session/staff-session.ts';
import { Shell } from '../shell/shell.tsx';
import { FailedPage } from './failed-page.tsx';
import { MissingPage } from './missing-page.tsx';

/** Where the server serves these pages. */
export const base = '/admin';

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
    component: lazyRouteComponent(() => import('../overview/overview-page.tsx'), 'OverviewPage'),
  }),
  createRoute({
    getParentRoute: () => inside,
    path: '/locations',
    component: lazyRouteComponent(() => import('../locations/locations-page.tsx'), 'LocationsPage'),
  }),
  createRoute({
    getParentRoute: () => inside,
    path: '/scrubs',
    component: lazyRouteComponent(() => import('../scrubs/scrubs-page.tsx'), 'ScrubsPage'),
  }),
  createRoute({
    getParentRoute: () => inside,
    path: '/findings',
    validateSearch: ({ scrub }: Record<string, unknown>): { scrub?: string } =>
      typeof scrub === 'string' ? { scrub } : {},
    component: lazyRouteComponent(() => import('../findings/findings-page.tsx'), 'FindingsPage'),
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
