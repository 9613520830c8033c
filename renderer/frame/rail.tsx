import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { Icon, type IconName } from '../parts/icon.tsx';
import { carried, pathOf, usePlace, VIEWS, type ViewName } from '../place.ts';

export const VIEW_TITLES: Readonly<Record<ViewName, string>> = {
  overview: 'Overview',
  evidence: 'Evidence',
  timeline: 'Timeline',
  alerts: 'Alerts',
  hunt: 'Hunt',
  entities: 'Entities',
  rules: 'Rules',
  report: 'Report',
};

const ICONS: Readonly<Record<ViewName, IconName>> = {
  overview: 'overview',
  evidence: 'evidence',
  timeline: 'timeline',
  alerts: 'alerts',
  hunt: 'search',
  entities: 'entities',
  rules: 'rules',
  report: 'report',
};

/** The views, each a link that keeps the time range. */
export function Rail({ onSettings }: { onSettings(): void }): ReactNode {
  const { search } = usePlace();
  return (
    <nav className="rail" aria-label="Views">
      {VIEWS.map((view) => (
        <Link
          key={view}
          to={pathOf(view)}
          search={carried(search) as never}
          activeOptions={{ exact: view === 'overview', includeSearch: false }}
          activeProps={{ 'aria-current': 'page' }}
          aria-label={VIEW_TITLES[view]}
          title={VIEW_TITLES[view]}
        >
          <Icon name={ICONS[view]} size={18} />
          <span>{VIEW_TITLES[view]}</span>
        </Link>
      ))}
      <span className="sp" />
      <button type="button" className="rail-button" onClick={onSettings} aria-label="Settings" title="Settings">
        <Icon name="settings" size={18} />
        <span>Settings</span>
      </button>
    </nav>
  );
}
