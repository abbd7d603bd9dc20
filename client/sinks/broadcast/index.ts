export { Broadcast, type BroadcastHappening, type Listening, type Outlet, tryLater } from './broadcast.ts';
export { type BroadcastSettings, broadcastSettings } from './settings.ts';
