import { type DayNumber, dayNumber, easter, onOrAfter, yearOf } from './civil-date.ts';

interface FixedHoliday {
  readonly name: string;
  readonly month: number;
  readonly day: number;
}

const fixed: readonly FixedHoliday[] = [
  { name: 'Año Nuevo', month: 1, day: 1 },
  { name: 'Día del Trabajo', month: 5, day: 1 },
  { name: 'Independencia', month: 7, day: 20 },
  { name: 'Batalla de Boyacá', month: 8, day: 7 },
  { name: 'Inmaculada Concepción', month: 12, day: 8 },
  { name: 'Navidad', month: 12, day: 25 },
];

/** Moved to the next Monday by Ley 51 of 1983, the Ley Emiliani. */
const movable: readonly FixedHoliday[] = [
  { name: 'Reyes Magos', month: 1, day: 6 },
  { name: 'San José', month: 3, day: 19 },
  { name: 'San Pedro y San Pablo', month: 6, day: 29 },
  { name: 'Asunción', month: 8, day: 15 },
  { name: 'Día de la Raza', month: 10, day: 12 },
  { name: 'Todos los Santos', month: 11, day: 1 },
  { name: 'Independencia de Cartagena', month: 11, day: 11 },
];

/** Days from Easter Sunday; the last three are the feasts of day 39, 60 and 68, moved to their Monday by the same law. */
const fromEaster = [
  { name: 'Jueves Santo', days: -3 },
  { name: 'Viernes Santo', days: -2 },
  { name: 'Ascensión', days: 43 },
  { name: 'Corpus Christi', days: 64 },
  { name: 'Sagrado Corazón', days: 71 },
] as const;

const chiquinquira: FixedHoliday = { name: 'Virgen de Chiquinquirá', month: 7, day: 9 };

/** What is open to argument about Colombia's holidays. */
export interface ColombianChoices {
  /**
   * Keep the Virgen de Chiquinquirá (Monday on or after 9 July) from 2026. Contested: the npm package date-holidays 3.37 lists it, but
   * Ley 51 of 1983 and the lists in the press of 2026 do not. Off unless asked for.
   */
  readonly chiquinquira?: boolean | undefined;
}

/** The public holiday that this day is in Colombia; `undefined` when it is none. Ley 51 of 1983 names eighteen a year. */
export function colombianHoliday(day: DayNumber, choices: ColombianChoices = {}): string | undefined {
  const year = yearOf(day);
  const fixedOne = fixed.find((holiday) => day === dayNumber(year, holiday.month, holiday.day));
  if (fixedOne !== undefined) return fixedOne.name;
  const paschal = fromEaster.find(({ days }) => day === easter(year) + days);
  if (paschal !== undefined) return paschal.name;
  const mondays = choices.chiquinquira === true && year >= 2026 ? [...movable, chiquinquira] : movable;
  return mondays.find(({ month, day: of }) => day === onOrAfter('Mon', dayNumber(year, month, of)))?.name;
}
