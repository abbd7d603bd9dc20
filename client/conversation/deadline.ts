/** What a conversation waits for, each with a time at which it waits no longer. `dial`, `ping`, `heartbeat` and `stable` are its own wishes. */
export type Deadline =
  'dial' | 'upgrade' | 'greeting' | 'login' | 'acknowledgement' | 'ping' | 'pong' | 'heartbeat' | 'stable' | 'farewell';
