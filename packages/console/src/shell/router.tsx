import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  RouterProvider,
} from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { DashboardPage } from '../dashboard/dashboard-page.tsx'
import { HomePage } from '../home/home-page.tsx'
import { PageCrash, PageNotFound } from './page-states.tsx'
import { Shell } from './shell.tsx'
import type { AddressSearch } from './use-address.ts'

const root = createRootRoute({
  component: Shell,
  notFoundComponent: PageNotFound,
  errorComponent: PageCrash,
  validateSearch: (search: Readonly<Record<string, unknown>>): AddressSearch =>
    typeof search['q'] === 'string' && search['q'] !== '' ? { q: search['q'] } : {},
})

const routes = root.addChildren([
  createRoute({ getParentRoute: () => root, path: '/', component: HomePage }),
  createRoute({ getParentRoute: () => root, path: '/dashboards/$name', component: DashboardPage }),
  createRoute({
    getParentRoute: () => root,
    path: '/graph',
    component: lazyRouteComponent(() => import('../graph/graph-page.tsx'), 'GraphPage'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/runs',
    component: lazyRouteComponent(() => import('../runs/runs-page.tsx'), 'RunsPage'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/runs/$id',
    component: lazyRouteComponent(() => import('../runs/run-page.tsx'), 'RunPage'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/settings',
    component: lazyRouteComponent(() => import('../settings/settings-page.tsx'), 'SettingsPage'),
  }),
])

const router = createRouter({
  routeTree: routes,
  defaultPreload: 'intent',
  defaultErrorComponent: PageCrash,
  scrollRestoration: true,
  parseSearch: (text): AddressSearch => ({ q: text.replace(/^\?/, '') }),
  stringifySearch: (search: AddressSearch) => (search.q ? `?${search.q}` : ''),
})

/** The pages by their addresses. */
export function Pages(): ReactNode {
  return <RouterProvider router={router} />
}
