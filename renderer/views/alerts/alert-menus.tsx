import type { ReactNode } from 'react';
import { LEVELS, type Level, STATUSES } from '../../../core/contract/rows.ts';
import { ask, faultOf } from '../../calls/ask.ts';
import { useBridge } from '../../calls/use-call.ts';
import { DropMenu } from '../../parts/drop-menu.tsx';
import { Icon } from '../../parts/icon.tsx';
import { LEVEL_WORDS, SeverityMark } from '../../parts/severity-mark.tsx';
import { usePlace } from '../../place.ts';
import { tellFault } from '../../undo.ts';
import { alertFilterOf } from './alert-filter.ts';

/** The least level that is shown. */
export function LevelMenu(): ReactNode {
  const { search, set } = usePlace();
  const levels: readonly Level[] = [...LEVELS].reverse();
  return (
    <DropMenu
      label="Level"
      options={[
        {
          key: 'all',
          title: 'Every level',
          isChosen: search.level === undefined,
          onPick: () => set({ level: undefined }),
        },
        ...levels.map((level) => ({
          key: level,
          title: (
            <span className="row">
              <SeverityMark level={level} /> {LEVEL_WORDS[level]}
              {level === 'critical' ? '' : ' and above'}
            </span>
          ),
          isChosen: search.level === level,
          onPick: () => set({ level }),
        })),
      ]}
    >
      {search.level === undefined ? 'Level' : LEVEL_WORDS[search.level]}
    </DropMenu>
  );
}

/** The status that is shown. */
export function StatusMenu(): ReactNode {
  const { search, set } = usePlace();
  return (
    <DropMenu
      label="Status"
      options={[
        {
          key: 'all',
          title: 'Every status',
          isChosen: search.status === undefined && search.tab !== 'suppressed',
          onPick: () => set({ status: undefined, tab: undefined }),
        },
        ...STATUSES.map((status) => ({
          key: status,
          title: status,
          isChosen: search.status === status,
          onPick: () => set({ status, tab: undefined }),
        })),
        {
          key: 'suppressed',
          title: 'Excluded by a filter',
          isChosen: search.tab === 'suppressed',
          onPick: () => set({ status: undefined, tab: 'suppressed' }),
        },
        {
          key: 'starred',
          title: 'Only starred',
          isChosen: search.starred === 'yes',
          onPick: () => set({ starred: search.starred === undefined ? 'yes' : undefined }),
        },
      ]}
    >
      {search.tab === 'suppressed' ? 'excluded' : (search.status ?? 'Status')}
    </DropMenu>
  );
}

/** What is shown, as a file. */
export function ExportAlerts(): ReactNode {
  const bridge = useBridge();
  const { search, range } = usePlace();
  const run = async (format: 'csv' | 'jsonl'): Promise<void> => {
    try {
      const file = await ask(bridge, 'export/alerts', { filter: alertFilterOf(search, range), format });
      await bridge.save(file);
    } catch (error) {
      tellFault(faultOf(error).message);
    }
  };
  return (
    <DropMenu
      label="Export"
      options={[
        { key: 'csv', title: 'As CSV', onPick: () => void run('csv') },
        { key: 'jsonl', title: 'As JSON lines', onPick: () => void run('jsonl') },
      ]}
    >
      <Icon name="download" size={13} />
      <span className="wide">Export</span>
    </DropMenu>
  );
}
