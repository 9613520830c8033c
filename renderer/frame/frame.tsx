import { Outlet, useRouterState } from '@tanstack/react-router';
import { type ReactNode, useEffect, useLayoutEffect, useState } from 'react';
import { useAct, useBridge, useCase, useMayChange } from '../calls/use-call.ts';
import { listenForKeys, useKeys } from '../keys/key-listener.ts';
import { pathOf, usePlace, VIEWS, type ViewName } from '../place.ts';
import { prefer } from '../prefs.ts';
import { tell, undoLast } from '../undo.ts';
import { freePath } from '../views/rules/rule-list.ts';
import { Foot } from './foot.tsx';
import { KeySheet } from './key-sheet.tsx';
import { NoticeBar } from './notice.tsx';
import { Palette, type PaletteAction } from './palette.tsx';
import { Rail, VIEW_TITLES } from './rail.tsx';
import { SettingsSheet } from './settings-sheet.tsx';
import { caseName, TopBar } from './top-bar.tsx';

/** Rail, bars and the view in the middle. */
export function Frame(): ReactNode {
  const bridge = useBridge();
  const place = usePlace();
  const act = useAct();
  const mayChange = useMayChange();
  const [sheet, setSheet] = useState<'none' | 'palette' | 'keys' | 'settings'>('none');
  const [connection, setConnection] = useState<'open' | 'lost'>('open');
  const close = (): void => setSheet('none');
  useLayoutEffect(listenForKeys, []);
  useEffect(() => bridge.onConnection(setConnection), [bridge]);
  useTitle();
  const go = (view: ViewName) => (): void => place.go(view);
  useKeys({
    palette: () => setSheet('palette'),
    keys: () => setSheet('keys'),
    undo: () => void undoLast(),
    'pane.next': nextPane,
    'go.overview': go('overview'),
    'go.evidence': go('evidence'),
    'go.timeline': go('timeline'),
    'go.alerts': go('alerts'),
    'go.hunt': go('hunt'),
    'go.entities': go('entities'),
    'go.rules': go('rules'),
    'go.report': go('report'),
  });
  const newRule = async (): Promise<void> => {
    const [own, unsaved] = [await bridge.call('studio/own', {}), await bridge.call('studio/unsaved', {})];
    place.go('rules', { edit: freePath([...(own.ok ? own.value : []), ...(unsaved.ok ? unsaved.value : [])]) });
  };
  const actions: readonly PaletteAction[] = [
    ...(mayChange ? [{ id: 'detect', title: 'Run rules again', run: () => void act('detect/start', {}) }] : []),
    ...(mayChange ? [{ id: 'new-rule', title: 'New rule', run: () => void newRule() }] : []),
    { id: 'verify', title: 'Verify everything again', run: () => void act('verify/start', {}) },
    { id: 'dark', title: 'Dark', detail: 'appearance', run: () => prefer({ theme: 'dark' }) },
    { id: 'light', title: 'Light', detail: 'appearance', run: () => prefer({ theme: 'light' }) },
    { id: 'compact', title: 'Compact rows', detail: 'appearance', run: () => prefer({ density: 'compact' }) },
    {
      id: 'comfortable',
      title: 'Comfortable rows',
      detail: 'appearance',
      run: () => prefer({ density: 'comfortable' }),
    },
    { id: 'settings', title: 'Settings', run: () => setSheet('settings') },
    { id: 'link', title: 'Copy a link to this view', run: () => void copyLink() },
  ];
  return (
    <div className="app">
      <TopBar onPalette={() => setSheet('palette')} />
      <Rail onSettings={() => setSheet('settings')} />
      <main className="main" id="view">
        <Outlet />
      </main>
      <Foot connection={connection} />
      <NoticeBar />
      <Palette isOpen={sheet === 'palette'} onClose={close} actions={actions} />
      <SettingsSheet isOpen={sheet === 'settings'} onClose={close} onKeys={() => setSheet('keys')} />
      <KeySheet isOpen={sheet === 'keys'} onClose={close} />
    </div>
  );
}

/** F6 goes round rail, view and panel. */
function nextPane(): void {
  const panes = [...document.querySelectorAll<HTMLElement>('.rail, .main .pane, .main .dock, .top')];
  const now = panes.findIndex((pane) => pane.contains(document.activeElement));
  for (let step = 1; step <= panes.length; step++) {
    const pane = panes[(now + step) % panes.length];
    const target = pane?.querySelector<HTMLElement>(
      '[role="grid"] [tabindex="0"], a[href], button:not([disabled]), input, textarea, [tabindex="0"]',
    );
    if (target !== null && target !== undefined) {
      target.focus();
      return;
    }
  }
}

async function copyLink(): Promise<void> {
  await navigator.clipboard.writeText(location.href);
  tell('Link copied. It opens this view for whoever may open this server.');
}

function useTitle(): void {
  const path = useRouterState({ select: (state) => state.location.pathname });
  const opened = useCase();
  const view = VIEWS.find((each) => pathOf(each) === path) ?? 'overview';
  useEffect(() => {
    document.title = `${VIEW_TITLES[view]} · ${caseName(opened?.path)} · Decklog`;
  }, [view, opened?.path]);
}
