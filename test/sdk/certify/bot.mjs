import { appendFileSync } from 'node:fs';

/** Keeps a trade where `papertape certify` looks for it: a JSON object a line in the file that PAPERTAPE_ROWS names. */
export function keep(row) {
  const file = process.env.PAPERTAPE_ROWS;
  if (file !== undefined) appendFileSync(file, `${JSON.stringify(row)}\n`);
}

/** A bot has more to do than to listen, and so its process goes on when a connection ends; `alone` leaves it to the SDK. */
export function work() {
  if (process.argv[2] !== 'alone') setInterval(() => undefined, 60_000);
}
