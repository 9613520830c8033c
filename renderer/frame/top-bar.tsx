import type { ReactNode } from 'react';
import { useCase } from '../calls/use-call.ts';
import { Kbd } from '../keys/kbd.tsx';
import { DropMenu } from '../parts/drop-menu.tsx';
import { EvidenceText } from '../parts/evidence-text.tsx';
import { Icon } from '../parts/icon.tsx';
import { usePlace } from '../place.ts';
import { prefer, usePreferences } from '../prefs.ts';
import { JobsButton } from './jobs.tsx';
import { RangeField } from './range-field.tsx';
import { SearchField } from './search-field.tsx';

/** Case, time range, search, commands, jobs, person. */
export function TopBar({ onPalette }: { onPalette(): void }): ReactNode {
  const opened = useCase();
  const { go } = usePlace();
  const { theme, density } = usePreferences();
  return (
    <header className="top">
      <span className="brand" role="img" aria-label="Decklog">
        <svg width="22" height="22" viewBox="0 0 22 22" aria-hidden="true">
          <path d="M3 5.500h16M3 10h11M3 14.500h16M3 19h7" fill="none" stroke="currentColor" strokeWidth="2" />
          <rect x="16" y="8.200" width="3.600" height="3.600" style={{ fill: 'var(--accent)' }} />
        </svg>
      </span>
      <button type="button" className="btn quiet case-name" title={opened?.path} onClick={() => go('evidence')}>
        <span className="clip">
          <EvidenceText>{caseName(opened?.path)}</EvidenceText>
        </span>
      </button>
      <RangeField />
      <SearchField />
      <button type="button" className="btn" onClick={onPalette}>
        <span className="wide">Commands</span> <Kbd of="palette" />
      </button>
      <JobsButton />
      <DropMenu
        label={`${opened?.examiner ?? ''}, ${opened?.role ?? ''}: appearance`}
        quiet
        options={[
          { key: 'dark', title: 'Dark', isChosen: theme === 'dark', onPick: () => prefer({ theme: 'dark' }) },
          { key: 'light', title: 'Light', isChosen: theme === 'light', onPick: () => prefer({ theme: 'light' }) },
          {
            key: 'system',
            title: 'As the system',
            isChosen: theme === 'system',
            onPick: () => prefer({ theme: 'system' }),
          },
          {
            key: 'compact',
            title: 'Compact rows',
            isChosen: density === 'compact',
            onPick: () => prefer({ density: 'compact' }),
          },
          {
            key: 'comfortable',
            title: 'Comfortable rows',
            isChosen: density === 'comfortable',
            onPick: () => prefer({ density: 'comfortable' }),
          },
        ]}
      >
        <Icon name={opened?.isReadOnly === true ? 'lock' : 'person'} />
        <span className="wide">
          <EvidenceText>{opened === null ? '' : `${opened.examiner} · ${opened.role}`}</EvidenceText>
        </span>
      </DropMenu>
    </header>
  );
}

/** The file's name without folders and ending. */
export function caseName(path: string | undefined): string {
  const name = (path ?? '').split(/[\\/]/).at(-1) ?? '';
  return name === '' ? 'Opening…' : name.replace(/\.decklog$/, '');
}
