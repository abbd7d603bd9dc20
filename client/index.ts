export { Collector, type CollectorHappening } from './collector.ts';
export { Connection, type ConnectionListener, type ConnectionOptions, type ConnectionState } from './connection.ts';
export { connectionSettings, type ConnectionSettings } from './connection-settings.ts';
export { feedSettings, type FeedSettings, openFeed, openHistory } from './feeds/index.ts';
export type { Feed, History, Key, Trouble, Vendor } from './feeds/feed.ts';
export {
  type Pipeline,
  type PipelineHappening,
  type PipelineSurroundings,
  openPipeline,
  startPipeline,
} from './pipeline.ts';
export { type PipelineInput, type PipelineSettings, pipelineSettings } from './settings.ts';
export type { Batch, Sink, SinkHealth } from './sinks/sink.ts';
export { StoreError } from './sinks/store/index.ts';
export { fileOutlet, Lines, type Outlet } from './sinks/lines/index.ts';
export { type Wants, wantsOf } from './wants.ts';
