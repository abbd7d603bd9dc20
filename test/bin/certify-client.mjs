// A small client of Alpaca's stream for tests of `papertape certify`. argv: `comes-back` reconnects after a moment, `gives-up` ends with its
// connection, `never-comes` ends before it connects.
import { WebSocket } from 'ws';

const [, , habit] = process.argv;
if (habit === 'never-comes') process.exit(3);

function connect() {
  const socket = new WebSocket(`${process.env.PAPERTAPE_URL}/v2/iex`);
  socket.on('open', () => {
    const { PAPERTAPE_KEY: key, PAPERTAPE_SECRET: secret } = process.env;
    socket.send(JSON.stringify({ action: 'auth', key, secret }));
  });
  socket.on('message', (text) => {
    if (text.includes('"authenticated"')) socket.send('{"action":"subscribe","trades":["AAPL","MSFT"]}');
  });
  socket.on('error', (error) => console.error(error.message));
  socket.on('close', (code) => {
    console.log(`closed with ${code}`);
    if (habit === 'comes-back') setTimeout(connect, 50);
  });
}
connect();
