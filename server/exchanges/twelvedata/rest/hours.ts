import type { Calendar } from '../../../../market/calendar.ts';
import { cryptoDays, currencyWeek, newYorkStockExchange } from '../../../../market/calendars.ts';
import type { Nanos } from '../../../../market/event.ts';
import { TimeZone } from '../../../../market/time-zone.ts';
import type { Subject } from './subjects.ts';

export const stockHours = newYorkStockExchange();
const currencyHours = currencyWeek();
const coinHours = cryptoDays();
/** Made once each: a zone is dear to make, and remembers what it has looked up. Past so many the memory starts afresh. */
const zones = new Map<string, TimeZone>();
const rememberedZones = 1000;

export function zoneNamed(name: string): TimeZone {
  const known = zones.get(name);
  if (known !== undefined) return known;
  const zone = new TimeZone(name);
  if (zones.size >= rememberedZones) zones.clear();
  zones.set(name, zone);
  return zone;
}

/** The zone in which times are told and read unless a request names another: the exchange's, UTC for pairs (official OpenAPI). */
export const zoneOf = ({ instrument }: Subject): TimeZone => zoneNamed(instrument.zone);

/** Regular hours, in which bars of securities are made unless a request wants extended hours; known for New York only. */
export function regularHours({ market, instrument }: Subject): Calendar | undefined {
  const isSecurity = market === 'stocks' || market === 'indices';
  return isSecurity && instrument.zone === stockHours.zone.name ? stockHours : undefined;
}

/** Whether its market trades at an instant of the tape. */
export function isOpen({ market }: Subject, at: Nanos): boolean {
  const hours = market === 'crypto' ? coinHours : market === 'forex' ? currencyHours : stockHours;
  return hours.isOpen(at);
}

/** An instant as the wall of a zone shows it: `2021-09-16 15:59:00`. */
export function wallText(at: Nanos, zone: TimeZone): string {
  return new Date(Number(zone.wall(at) / 1_000_000n)).toISOString().slice(0, 19).replace('T', ' ');
}
