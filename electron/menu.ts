import type { MenuItemConstructorOptions } from 'electron';

export interface MenuDeeds {
  openCase(): void;
  newCase(): void;
  about(): void;
  licences(): void;
}

/** The menu; nothing in it comes from evidence. */
export function menuTemplate(deeds: MenuDeeds, isMac: boolean): MenuItemConstructorOptions[] {
  const edit: MenuItemConstructorOptions[] = [
    { role: 'undo' },
    { role: 'redo' },
    { type: 'separator' },
    { role: 'cut' },
    { role: 'copy' },
    { role: 'paste' },
    { role: 'selectAll' },
  ];
  return [
    ...(isMac ? [{ role: 'appMenu' } as const] : []),
    {
      label: 'File',
      submenu: [
        { id: 'new-case', label: 'New case from evidence…', accelerator: 'CmdOrCtrl+N', click: deeds.newCase },
        { id: 'open-case', label: 'Open case…', accelerator: 'CmdOrCtrl+O', click: deeds.openCase },
        { type: 'separator' },
        isMac ? { role: 'close' } : { role: 'quit' },
      ],
    },
    { label: 'Edit', submenu: edit },
    {
      label: 'View',
      submenu: [
        { role: 'resetZoom' },
        { role: 'zoomIn' },
        { role: 'zoomOut' },
        { type: 'separator' },
        { role: 'togglefullscreen' },
      ],
    },
    {
      label: 'Help',
      submenu: [
        { id: 'about', label: 'About Decklog', click: deeds.about },
        { id: 'licences', label: 'Licences', click: deeds.licences },
      ],
    },
  ];
}
