import { MantineProvider } from '@mantine/core';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { createRootRoute, createRoute, createRouter, Outlet, RouterProvider } from '@tanstack/react-router';
import { type ReactNode, useEffect } from 'react';
import type { DecklogBridge, Notice } from '../core/contract/calls.ts';
import { refreshSoon } from './calls/refresh.ts';
import { BridgeContext } from './calls/use-call.ts';
import { Frame } from './frame/frame.tsx';
import { parseSearch, readSearch, writeSearch } from './search-params.ts';
import { AlertsView } from './views/alerts/alerts-view.tsx';
import { EntitiesView } from './views/entities/entities-view.tsx';
import { EvidenceView } from './views/evidence/evidence-view.tsx';
import { HuntView } from './views/hunt/hunt-view.tsx';
import { OverviewView } from './views/overview/overview-view.tsx';
import { ReportView } from './views/report/report-view.tsx';
import { RulesView } from './views/rules/rules-view.tsx';
import { TimelineView } from './views/timeline/timeline-view.tsx';

const root = createRootRoute({ component: Frame, validateSearch: readSearch, notFoundComponent: OverviewView });
const child = <P extends string>(path: P, component: () => ReactNode) =>
  createRoute({ getParentRoute: () => root, path, component });
const routeTree = root.addChildren([
  child('/', OverviewView),
  child('/evidence', EvidenceView),
  child('/timeline', TimelineView),
  child('/alerts', AlertsView),
  child('/hunt', HuntView),
  child('/entities', EntitiesView),
  child('/rules', RulesView),
  child('/report', ReportView),
]);

const router = createRouter({ routeTree, parseSearch, stringifySearch: writeSearch, defaultNotFoundComponent: Outlet });

const client = new QueryClient({
  defaultOptions: {
    // The engine says when the case changes; nothing is asked again on a guess.
    queries: {
      staleTime: Number.POSITIVE_INFINITY,
      retry: false,
      refetchOnWindowFocus: false,
      refetchOnReconnect: false,
    },
  },
});

/** Whether what is shown may be old: the case was changed, a job ended (a verification changes nothing), the engine is back. */
function isNews(notice: Notice): boolean {
  if (notice.kind === 'job') return notice.job.state !== 'running';
  return notice.kind === 'changed' || notice.state === 'back';
}

/** The whole window over one way to the engine. */
export function App({ bridge }: { readonly bridge: DecklogBridge }): ReactNode {
  useEffect(
    () =>
      bridge.onNotice((notice) => {
        if (isNews(notice)) refreshSoon(client);
      }),
    [bridge],
  );
  return (
    <MantineProvider withCssVariables={false} withGlobalClasses={false} withStaticClasses={false}>
      <QueryClientProvider client={client}>
        <BridgeContext.Provider value={bridge}>
          <RouterProvider router={router} />
        </BridgeContext.Provider>
      </QueryClientProvider>
    </MantineProvider>
  );
}
