export { fileOutlet, Lines, type Outlet } from './lines.ts';
