import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  redirect,
} from '@tanstack/react-router';
import { ask } from '../engine/use-engine.ts';
import { withLateTexts } from '../i18n/late-texts.ts';
import { Shell } from '../shell/shell.tsx';
import { FailedPage } from './failed-page.tsx';
import { MissingPage } from './missing-page.tsx';
import { queries } from './queries.ts';

const root = createRootRoute({
  component: Shell,
  notFoundComponent: MissingPage,
  errorComponent: FailedPage,
});

export const sessionQuery = {
  queryKey: ['session', 'state'],
  queryFn: () => ask((engine) => engine.session.state()),
} as const;

const session = async () => await queries.fetchQuery({ ...sessionQuery, staleTime: 0 });

/** Pages for everybody: whoever is signed in is sent on to their photos. */
const outside = createRoute({
  getParentRoute: () => root,
  id: 'outside',
  beforeLoad: async () => {
    if ((await session()).kind !== 'signed-out') throw redirect({ to: '/', replace: true });
  },
});

/** Pages for people who are signed in. While it is locked, the shell shows the lock in their place. */
const inside = createRoute({
  getParentRoute: () => root,
  id: 'inside',
  beforeLoad: async () => {
    if ((await session()).kind === 'signed-out') throw redirect({ to: '/welcome', replace: true });
  },
});

const outsidePages = [
  createRoute({
    getParentRoute: () => outside,
    path: '/welcome',
    component: lazyRouteComponent(
      withLateTexts(() => import('../welcome/welcome-page.tsx')),
      'WelcomePage',
    ),
  }),
  createRoute({
    getParentRoute: () => outside,
    path: '/sign-up',
    component: lazyRouteComponent(
      withLateTexts(() => import('../session/sign-up-page.tsx')),
      'SignUpPage',
    ),
  }),
  createRoute({
    getParentRoute: () => outside,
    path: '/sign-in',
    component: lazyRouteComponent(
      withLateTexts(() => import('../session/sign-in-page.tsx')),
      'SignInPage',
    ),
  }),
  createRoute({
    getParentRoute: () => outside,
    path: '/recover',
    component: lazyRouteComponent(
      withLateTexts(() => import('../session/recover-page.tsx')),
      'RecoverPage',
    ),
  }),
];

/** For somebody with an account and somebody without. */
const join = createRoute({
  getParentRoute: () => root,
  path: '/join',
  component: lazyRouteComponent(
    withLateTexts(() => import('../family/join-page.tsx')),
    'JoinPage',
  ),
});

/** `?photo=ID` opens the lightbox above the page, so that Back closes it. */
const photo = (search: Record<string, unknown>): { photo?: string } =>
  typeof search.photo === 'string' ? { photo: search.photo } : {};

const insidePages = [
  createRoute({
    getParentRoute: () => inside,
    path: '/',
    validateSearch: photo,
    component: lazyRouteComponent(() => import('../timeline/timeline-page.tsx'), 'TimelinePage'),
  }),
  createRoute({
    getParentRoute: () => inside,
    path: '/favourites',
    validateSearch: photo,
    component: lazyRouteComponent(() => import('../timeline/favourites-page.tsx'), 'FavouritesPage'),
  }),
  createRoute({
    getParentRoute: () => inside,
    path: '/search',
    validateSearch: (search: Record<string, unknown>): { photo?: string; q?: string } => ({
      ...photo(search),
      ...(typeof search.q === 'string' ? { q: search.q } : {}),
    }),
    component: lazyRouteComponent(
      withLateTexts(() => import('../search/search-page.tsx')),
      'SearchPage',
    ),
  }),
  createRoute({
    getParentRoute: () => inside,
    path: '/albums',
    component: lazyRouteComponent(
      withLateTexts(() => import('../albums/albums-page.tsx')),
      'AlbumsPage',
    ),
  }),
  createRoute({
    getParentRoute: () => inside,
    path: '/albums/$albumId',
    validateSearch: photo,
    component: lazyRouteComponent(
      withLateTexts(() => import('../albums/album-page.tsx')),
      'AlbumPage',
    ),
  }),
  createRoute({
    getParentRoute: () => inside,
    path: '/uploads',
    validateSearch: (search: Record<string, unknown>): { album?: string } =>
      typeof search.album === 'string' ? { album: search.album } : {},
    component: lazyRouteComponent(
      withLateTexts(() => import('../uploads/uploads-page.tsx')),
      'UploadsPage',
    ),
  }),
  createRoute({
    getParentRoute: () => inside,
    path: '/family',
    component: lazyRouteComponent(
      withLateTexts(() => import('../family/family-page.tsx')),
      'FamilyPage',
    ),
  }),
  createRoute({
    getParentRoute: () => inside,
    path: '/safety',
    component: lazyRouteComponent(
      withLateTexts(() => import('../safety/safety-page.tsx')),
      'SafetyPage',
    ),
  }),
  createRoute({
    getParentRoute: () => inside,
    path: '/devices',
    component: lazyRouteComponent(
      withLateTexts(() => import('../safety/devices-page.tsx')),
      'DevicesPage',
    ),
  }),
  createRoute({
    getParentRoute: () => inside,
    path: '/recovery-key',
    component: lazyRouteComponent(
      withLateTexts(() => import('../session/recovery-key-page.tsx')),
      'RecoveryKeyPage',
    ),
  }),
  createRoute({
    getParentRoute: () => inside,
    path: '/activity',
    component: lazyRouteComponent(
      withLateTexts(() => import('../activity/activity-page.tsx')),
      'ActivityPage',
    ),
  }),
  createRoute({
    getParentRoute: () => inside,
    path: '/notices',
    component: lazyRouteComponent(
      withLateTexts(() => import('../notices/notices-page.tsx')),
      'NoticesPage',
    ),
  }),
  createRoute({
    getParentRoute: () => inside,
    path: '/trash',
    validateSearch: photo,
    component: lazyRouteComponent(
      withLateTexts(() => import('../trash/trash-page.tsx')),
      'TrashPage',
    ),
  }),
  createRoute({
    getParentRoute: () => inside,
    path: '/settings',
    component: lazyRouteComponent(
      withLateTexts(() => import('../settings/settings-page.tsx')),
      'SettingsPage',
    ),
  }),
];

const tree = root.addChildren([outside.addChildren(outsidePages), inside.addChildren(insidePages), join]);

export const router = createRouter({ routeTree: tree, defaultPreload: false, scrollRestoration: true });

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
