export { BarMaker, type BarLosses, type Knowledge } from './bar-maker.ts';
export { barSettings, type BarSettings } from './settings.ts';
