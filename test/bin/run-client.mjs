// A client as `papertape run` starts one: it knows nothing but its environment. Words of its command line say how good it is:
// `returns` comes back when its connection ends, `stays` never ends by itself, `fails` ends with 3, `tells` prints its environment.
import { WebSocket } from 'ws';

const words = process.argv.slice(2);
const { PAPERTAPE_URL, APCA_API_KEY_ID, APCA_API_SECRET_KEY } = process.env;
let sockets = 0;

function connect() {
  const socket = new WebSocket(`${PAPERTAPE_URL}/v2/iex`);
  sockets++;
  socket.on('open', () => {
    socket.send(JSON.stringify({ action: 'auth', key: APCA_API_KEY_ID, secret: APCA_API_SECRET_KEY }));
    socket.send(JSON.stringify({ action: 'subscribe', trades: ['*'] }));
  });
  socket.on('message', (data) => {
    if (sockets === 2 && data.includes('"T":"t"')) finish();
  });
  socket.on('error', () => undefined);
  socket.on('close', (code) => {
    console.log(`closed ${code}`);
    if (words.includes('returns')) connect();
    else finish();
  });
}

function finish() {
  if (words.includes('stays')) setInterval(() => undefined, 1000);
  else process.exit(words.includes('fails') ? 3 : 0);
}

if (words.includes('tells')) {
  const told = Object.entries(process.env).filter(([name]) =>
    /^(PAPERTAPE|APCA|POLYGON|MASSIVE|TWELVEDATA|DATA_)/.test(name),
  );
  console.log(JSON.stringify(Object.fromEntries(told)));
} else connect();
