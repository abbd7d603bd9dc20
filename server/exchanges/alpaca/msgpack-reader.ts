import { type MsgpackRules, walkMsgpack } from './msgpack-walk.ts';

/** The real messages are a map of lists: two deep. No message of Alpaca's clients means anything by large numbers, floats or bytes. */
const rules: MsgpackRules = { deepest: 4, map: (entries) => new Map(entries), other: () => undefined };

/** Reads one MessagePack value from a client. What it can mean nothing by becomes `undefined`. Throws `MalformedMsgpack`. */
export const readMsgpack = (bytes: Buffer): unknown => walkMsgpack(bytes, rules);
