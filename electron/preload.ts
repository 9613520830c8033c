import { contextBridge, ipcRenderer, webUtils } from 'electron';
import type { Tell } from '../core/contract/calls.ts';
import type { ShellApi, StartApi } from '../core/contract/shell.ts';
import { CHANNELS } from './channels.ts';

// Only named functions cross: never ipcRenderer, never an event object.
const shell: ShellApi = {
  facts: () => ipcRenderer.invoke(CHANNELS.facts),
  say: (ask) => ipcRenderer.send(CHANNELS.say, ask),
  onTell: (hear) => {
    const listener = (_event: unknown, tell: Tell) => hear(tell);
    ipcRenderer.on(CHANNELS.tell, listener);
    return () => {
      ipcRenderer.removeListener(CHANNELS.tell, listener);
    };
  },
  // A page cannot make up a file that has a place: the path is what the person dropped.
  giveEvidence: (file) => ipcRenderer.invoke(CHANNELS.giveEvidence, webUtils.getPathForFile(file as never)),
  chooseEvidence: (kind) => ipcRenderer.invoke(CHANNELS.chooseEvidence, kind),
  chooseRuleFolder: () => ipcRenderer.invoke(CHANNELS.chooseRuleFolder),
  save: (file) => ipcRenderer.invoke(CHANNELS.save, file),
  reveal: (file) => ipcRenderer.invoke(CHANNELS.reveal, file),
};

const start: StartApi = {
  recent: () => ipcRenderer.invoke(CHANNELS.recent),
  openRecent: (index) => ipcRenderer.invoke(CHANNELS.openRecent, index),
  openCase: () => ipcRenderer.invoke(CHANNELS.openCase),
  newCase: (...files) => {
    const paths = files.map((file) => webUtils.getPathForFile(file as never));
    return ipcRenderer.invoke(CHANNELS.newCase, paths);
  },
};

contextBridge.exposeInMainWorld('decklogShell', shell);
contextBridge.exposeInMainWorld('decklogStart', start);
