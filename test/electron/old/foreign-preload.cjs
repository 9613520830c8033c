// The preload of a page that is not ours, and that has got hold of all of Electron's messages.
const { ipcRenderer } = require('electron');
window.ask = (channel, ...args) =>
  ipcRenderer.invoke(channel, ...args).then(
    () => 'answered',
    ({ message }) => message,
  );
window.say = (channel, ...args) => ipcRenderer.send(channel, ...args);
