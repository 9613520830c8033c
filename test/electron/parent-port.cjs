// Loaded into a plain Node child: gives it the process.parentPort that Electron's utility process gives.
const { EventEmitter } = require('node:events');

const port = new EventEmitter();
port.postMessage = (message) => {
  if (process.connected) process.send(message);
};
process.on('message', (data) => port.emit('message', { data, ports: [] }));
process.on('disconnect', () => process.exit(0));
process.parentPort = port;
