import type { ReactNode } from 'react';
import { Kbd } from '../keys/kbd.tsx';
import { IconButton } from '../parts/icon-button.tsx';
import { Segments } from '../parts/view-head.tsx';
import { type Preferences, prefer, usePreferences } from '../prefs.ts';
import { tell } from '../undo.ts';
import { Sheet } from './modal.tsx';

/** What a person likes; remembered in this browser, never in the case. */
export function SettingsSheet({
  isOpen,
  onClose,
  onKeys,
}: {
  readonly isOpen: boolean;
  onClose(): void;
  onKeys(): void;
}): ReactNode {
  const { theme, density } = usePreferences();
  return (
    <Sheet isOpen={isOpen} label="Settings" onClose={onClose} size={460}>
      <div className="sheet-head">
        <h2>Settings</h2>
        <span className="grow" />
        <IconButton icon="close" label="Close" onClick={onClose} />
      </div>
      <div className="settings">
        <span>Appearance</span>
        <Segments<Preferences['theme']>
          label="Appearance"
          value={theme}
          options={[
            ['system', 'As the system'],
            ['dark', 'Dark'],
            ['light', 'Light'],
          ]}
          onChange={(next) => prefer({ theme: next })}
        />
        <span>Rows</span>
        <Segments<Preferences['density']>
          label="Rows"
          value={density}
          options={[
            ['compact', 'Compact'],
            ['comfortable', 'Comfortable'],
          ]}
          onChange={(next) => prefer({ density: next })}
        />
        <span>Columns and panel</span>
        <button
          type="button"
          className="btn"
          onClick={() => {
            prefer({ grids: {}, dockWidth: 436 });
            tell('Columns and panel are as shipped.');
          }}
        >
          As shipped
        </button>
        <span>Keyboard</span>
        <button type="button" className="btn" onClick={onKeys}>
          Show and change keys <Kbd of="keys" />
        </button>
      </div>
      <p className="sheet-foot t2">Kept in this browser. Nothing of it goes into the case.</p>
    </Sheet>
  );
}
