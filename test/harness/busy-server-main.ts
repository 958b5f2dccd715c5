import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Worker } from 'node:worker_threads';
import { preventPollStarvation } from '../../src/platform/http/event-loop.js';

/**
 * A process of its own, for Jest gives tests a copy of `process` that no signal reaches: a server whose requests come
 * faster than they are read, until so many are answered. Prints how many it read, and how often its event loop turned
 * meanwhile.
 */

/** By half more than the sockets that one look of a poll brings. */
const CONNECTIONS = 1_536;
/** Thirty looks; a poll left to itself goes on for 48. */
const ANSWERS = 30_000;

/** Sends from a thread of its own, so while the server's thread polls as well. */
const SENDER = `
  const { connect } = require('node:net');
  const { workerData: { port, connections, answers }, parentPort } = require('node:worker_threads');
  const sockets = [];
  let open = 0;
  let answered = 0;
  const ask = (socket) => socket.write('GET / HTTP/1.1\\r\\nHost: shop\\r\\n\\r\\n');
  const add = () => {
    if (sockets.length === connections) return;
    const socket = connect(port, '127.0.0.1', () => {
      open += 1;
      if (open === connections) sockets.forEach(ask);
      else add();
    });
    sockets.push(socket);
    socket.on('data', () => {
      answered += 1;
      if (answered < answers) ask(socket);
      else if (answered === answers) parentPort.postMessage('done');
    });
  };
  for (let first = 0; first < 32; first += 1) add();
`;

const server = createServer((_request, response) => response.end('answered'));
preventPollStarvation(server);
let requests = 0;
let turns = 0;
let asked = false;
server.on('request', () => {
  requests += 1;
  // Neither while the first come in nor while the last do: fewer are ready then than one look brings.
  if (asked || requests < CONNECTIONS || requests > ANSWERS - CONNECTIONS) return;
  asked = true;
  setImmediate(() => {
    turns += 1;
    asked = false;
  });
});
server.listen(0, '127.0.0.1');
await once(server, 'listening');
const { port } = server.address() as AddressInfo;
const workerData = { port, connections: CONNECTIONS, answers: ANSWERS };
await once(new Worker(SENDER, { eval: true, workerData }), 'message');
process.stdout.write(JSON.stringify({ requests, turns }), () => process.exit(0));
