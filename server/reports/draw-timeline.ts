import { milli, minute, second } from '../../market/nanos.ts';
import { count, spell } from '../evidence/spell.ts';
import type { Verdict } from '../verdict.ts';
import { describeEnd, describeEntry } from './describe-entry.ts';
import { markup, type Markup } from './markup.ts';
import type { RunFacts } from './run-facts.ts';
import { timelineOf, type Band, type Lane, type Mark, type Stay, type Timeline } from './timeline.ts';

/** Pixels. Widths are shares of the drawing, so that text stays as large as it is on any screen. */
const axis = 26;
const bandRow = 34;
const barRow = 22;
const bar = 12;
const laneHead = 24;
const laneGap = 12;
/** What is drawn at most of each; the rest is counted. */
const mostSteps = 40;
const mostTimes = 200;
const mostLanes = 40;
const mostRows = 12;
/** Marks closer than this share of the width are one. */
const finest = 0.002;

const percent = (share: number): string => `${Math.round(share * 1e5) / 1e3}%`;

/** A run as a drawing: steps as bands, connections as bars, and marks where something happened. */
export function drawTimeline(verdict: Verdict, facts: RunFacts): Markup {
  const timeline = timelineOf(facts);
  const all = stepsOf(timeline.bands);
  const steps = all.slice(0, mostSteps).map((bands) => bands.slice(0, mostTimes));
  const lanes = timeline.lanes.slice(0, mostLanes);
  const bandRows = pack(steps);
  const top = axis + bandRows.length * bandRow + (bandRows.length > 0 ? laneGap : 0);
  let y = top;
  const drawn = lanes.map((lane) => {
    const one = drawLane(lane, y);
    y += heightOf(lane);
    return one;
  });
  const height = y + 4;
  const left = all.length - steps.length + (timeline.lanes.length - lanes.length);
  return markup`<figure class="timeline">
<svg width="100%" height="${height}" role="img" aria-label="${aloud(timeline)}">
<defs><pattern id="held" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect width="3" height="6"/></pattern></defs>
${ticks(timeline, height)}
${steps.flat().map((band) => shade(band, top, height))}
${pins(verdict, facts, height)}
${bandRows.flatMap((row, at) => row.flatMap((step) => drawStep(step, axis + at * bandRow)))}
${drawn}
</svg>${left === 0 ? '' : markup`<p class="left">${left} more steps or clients are not drawn.</p>`}
<figcaption>${legend}</figcaption></figure>`;
}

function aloud({ took, bands, lanes }: Timeline): string {
  const connections = lanes.reduce((sum, { rows }) => sum + rows.flat().length, 0);
  return `Timeline of ${spell(took)}: ${count(stepsOf(bands).length, 'step')}, ${count(lanes.length, 'client')}, ${count(connections, 'connection')}`;
}

const legend = markup`<span><i class="k on"></i>connected</span> <span><i class="k in"></i>logged in</span> <span><i class="k held"></i>held by a fault</span> <span><i class="k step"></i>step</span> <span><b class="m back">↻</b>back again</span> <span><b class="m no">×</b>turned away</span> <span><b class="m miss">▾</b>missed</span> <span><b class="m ask">●</b>history asked</span> <span><b class="m bad">●</b>in vain</span> <span><i class="k pin"></i>unmet</span>`;

/** Whole, round spans, five or so. */
function ticks({ took }: Timeline, height: number): readonly Markup[] {
  const steps = [1n, 2n, 5n, 10n, 20n, 50n, 100n, 200n, 500n].map((one) => one * milli);
  const seconds = [1n, 2n, 5n, 10n, 15n, 30n].map((one) => one * second);
  const minutes = [1n, 2n, 5n, 10n, 15n, 30n, 60n, 120n, 240n, 480n, 1440n].map((one) => one * minute);
  const every = [...steps, ...seconds, ...minutes].find((one) => took / one <= 5n) ?? took;
  const marks: bigint[] = [];
  for (let at = 0n; at <= took; at += every) marks.push(at);
  return marks.map((at) => {
    const share = Number((at * 10_000n) / took) / 1e4;
    const anchor = share < 0.04 ? 'start' : share > 0.96 ? 'end' : 'middle';
    return markup`<line class="tick" x1="${percent(share)}" x2="${percent(share)}" y1="${axis - 8}" y2="${height}"/><text class="time" x="${percent(share)}" y="12" text-anchor="${anchor}">${at === 0n ? '0' : spell(at)}</text>
`;
  });
}

/** The bands of each step, in the order in which steps first begin: a rule may begin often. */
function stepsOf(bands: readonly Band[]): readonly (readonly Band[])[] {
  const steps = new Map<string, Band[]>();
  for (const band of bands) {
    const its = steps.get(band.step);
    if (its === undefined) steps.set(band.step, [band]);
    else its.push(band);
  }
  return [...steps.values()];
}

/** Rows of steps such that neither they nor their names overlap. */
function pack(steps: readonly (readonly Band[])[]): readonly (readonly (readonly Band[])[])[] {
  const rows: (readonly Band[])[][] = [];
  for (const step of steps) {
    const [from] = reach(step);
    const free = rows.find((row) => row.every((one) => reach(one)[1] <= from));
    if (free === undefined) rows.push([step]);
    else free.push(step);
  }
  return rows;
}

/** From where to where a step and its name go, on a narrow screen. */
function reach(step: readonly Band[]): readonly [number, number] {
  const [first] = step;
  if (first === undefined) return [0, 0];
  const from = first.from;
  const to = step.reduce((most, one) => Math.max(most, one.to), 0);
  const text = first.step.length * 0.021 + 0.02;
  return from < 0.5 ? [from, Math.max(to, from + text)] : [Math.min(from, first.to - text), to];
}

/** Its name stands above the first of its bands. */
const drawStep = (step: readonly Band[], y: number): readonly Markup[] =>
  step.map((band, at) => drawBand(band, y, at === 0));

const shade = (band: Band, top: number, height: number): Markup =>
  markup`<rect class="shade" x="${percent(band.from)}" y="${top - 6}" width="${percent(Math.max(band.to - band.from, 0.001))}" height="${height - top + 6}"/>
`;

function drawBand({ step, name, from, to, began, took, goesOn }: Band, y: number, isFirst: boolean): Markup {
  const title = `${step} (${name}), after ${spell(began)}, ${took === 0n ? 'at once' : `for ${spell(took)}`}${goesOn ? ', to the end' : ''}`;
  const isLeft = from < 0.5;
  const shape =
    to - from < 0.004
      ? markup`<svg x="${percent(from)}" y="${y + 16}" overflow="visible" width="1" height="1"><path class="step" d="M0 -1L6 6L0 13L-6 6Z"/></svg>`
      : markup`<rect class="step" x="${percent(from)}" y="${y + 16}" width="${percent(to - from)}" height="12" rx="3"/>`;
  const label = markup`<text class="name" x="${percent(isLeft ? from : to)}" y="${y + 11}" text-anchor="${isLeft ? 'start' : 'end'}">${step}</text>`;
  return markup`<g><title>${title}</title>${isFirst ? label : ''}${shape}</g>
`;
}

function heightOf({ rows, requests }: Lane): number {
  return laneHead + (Math.min(rows.length, mostRows) + (requests.length > 0 ? 1 : 0)) * barRow + laneGap;
}

function drawLane(lane: Lane, y: number): Markup {
  const { who, rows, refused, requests } = lane;
  const shown = rows.slice(0, mostRows);
  const first = y + laneHead;
  const more = rows.length > shown.length ? `, ${rows.length - shown.length} more rows not drawn` : '';
  return markup`<g><text class="who" x="0" y="${y + 14}">${who}${more}</text>
${shown.flatMap((row, at) => drawRow(row, first + at * barRow))}
${apart(refused).map(({ at, entry }) => sign(at, first + 10, 'no', '×', describeEntry(entry)))}
${apart(requests).map(({ at, entry }) => drawRequest(at, entry, first + shown.length * barRow + 6))}</g>
`;
}

function drawRequest(at: number, entry: Mark['entry'], y: number): Markup {
  const bad = entry.status === undefined || entry.status === 0 || entry.status >= 400;
  return markup`<circle class="${bad ? 'bad' : 'ask'}" cx="${percent(at)}" cy="${y}" r="4"><title>${describeEntry(entry)}</title></circle>
`;
}

function drawRow(row: readonly Stay[], y: number): readonly Markup[] {
  return row.map((stay, at) => {
    const before = row[at - 1];
    const gap =
      before === undefined
        ? ''
        : markup`<line class="gap" x1="${percent(before.to)}" x2="${percent(stay.from)}" y1="${y + bar / 2}" y2="${y + bar / 2}"/>`;
    const back =
      before !== undefined && stay.login !== undefined ? sign(stay.login, y + 10, 'back', '↻', 'back again') : '';
    return markup`${gap}${drawStay(stay, y)}${back}`;
  });
}

function drawStay({ session, from, to, login, end, struck, missed }: Stay, y: number): Markup {
  const ended =
    end === undefined ? 'open to the end' : end.kind === 'moved' ? `gone to run ${end.to}` : describeEnd(end);
  const rect = (kind: string, left: number, right: number, title: string): Markup =>
    markup`<rect class="${kind}" x="${percent(left)}" y="${y}" width="${percent(Math.max(right - left, 0.002))}" height="${bar}" rx="3"><title>${title}</title></rect>`;
  const title = `Connection ${session}, ${ended}`;
  return markup`${rect('on', from, to, title)}${login === undefined ? '' : rect('in', login, to, title)}${struck.map((one) => rect('held', one.from, one.to, `${title}; held by ${one.step}`))}${apart(missed).map(({ at, events }) => sign(at, y + bar + 8, 'miss', '▾', `${events} events missed`))}
`;
}

const sign = (at: number, y: number, kind: string, letter: string, title: string): Markup =>
  markup`<text class="m ${kind}" x="${percent(at)}" y="${y}" text-anchor="middle">${letter}<title>${title}</title></text>`;

/** The moments that unmet expectations point at. */
function pins({ findings }: Verdict, { entries, started, ended }: RunFacts, height: number): readonly Markup[] {
  const took = ended > started ? ended - started : 1n;
  const named = new Set(findings.flatMap(({ outcome, lines }) => (outcome === 'unmet' ? lines : [])));
  const marks = entries
    .filter(({ number }) => named.has(number))
    .map((entry) => ({ at: Math.min(1, Math.max(0, Number(((entry.at - started) * 10_000n) / took) / 1e4)), entry }));
  return apart(marks).map(({ at, entry }) => {
    const title = `#${entry.number}: ${describeEntry(entry)}`;
    return markup`<line class="pin" x1="${percent(at)}" x2="${percent(at)}" y1="${axis - 8}" y2="${height}"><title>${title}</title></line>
`;
  });
}

/** Of marks that nobody could tell apart, the first. */
function apart<One extends { readonly at: number }>(marks: readonly One[]): readonly One[] {
  let last = -1;
  return marks.filter(({ at }) => {
    if (at - last < finest) return false;
    last = at;
    return true;
  });
}
