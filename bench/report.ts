import { median, type Samples } from './race.ts';

/** One line of the verdict. */
export interface Finding {
  /** `1`, or with the letter of another vendor than Alpaca: `1p`. */
  readonly row: number | string;
  readonly what: string;
  readonly sense: '≥' | '≤';
  /** Absent for what is only told, not asked for. */
  readonly goal: number | undefined;
  readonly floor: number | undefined;
  readonly reached: number;
  readonly note?: string;
}

export function verdict({ sense, goal, floor, reached }: Finding): 'goal' | 'floor' | 'MISSED' | '' {
  const meets = (mark: number): boolean => (sense === '≥' ? reached >= mark : reached <= mark);
  if (goal === undefined || floor === undefined) return '';
  return meets(goal) ? 'goal' : meets(floor) ? 'floor' : 'MISSED';
}

export function findingsTable(findings: readonly Finding[]): string {
  return table(
    ['row', 'what', 'goal', 'floor', 'reached', 'ok?', 'note'],
    findings.map((finding) => {
      const { row, what, sense, goal, floor, reached, note = '' } = finding;
      const mark = (value: number | undefined): string => (value === undefined ? '' : `${sense} ${value}`);
      return [String(row), what, mark(goal), mark(floor), figure(reached), verdict(finding), note];
    }),
  );
}

export function samplesTable(samples: Samples): string {
  return table(
    ['lane', 'M events/s', '(min–max)', 'CPU ns/event', '(min–max)', 'bytes/event', 'RSS MB'],
    [...samples].map(([name, ofLane]) => {
      const rates = ofLane.map((sample) => sample.rate / 1e6);
      const cpu = ofLane.map((sample) => sample.cpu);
      const range = (values: readonly number[]): string =>
        `${figure(Math.min(...values))}–${figure(Math.max(...values))}`;
      return [
        name,
        figure(median(rates)),
        range(rates),
        figure(median(cpu)),
        range(cpu),
        median(ofLane.map((sample) => sample.bytes)).toFixed(1),
        String(Math.round(median(ofLane.map((sample) => sample.rss)) / 1e6)),
      ];
    }),
  );
}

function figure(value: number): string {
  if (value === 0) return '0';
  return Math.abs(value) >= 100 ? value.toFixed(0) : Math.abs(value) >= 10 ? value.toFixed(1) : value.toPrecision(3);
}

/** Markdown, with columns as wide as their widest cell. */
function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((title, column) =>
    Math.max(...[head, ...rows].map((row) => row[column]?.length ?? title.length)),
  );
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`;
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)].join('\n');
}
