import { isoMillis } from '../../market/nanos.ts';
import { count, spell } from '../evidence/spell.ts';
import type { Account, Missed } from '../ledger.ts';
import type { Judged, Verdict } from '../verdict.ts';
import { allBeyond } from './beyond.ts';
import { describeEntry, sinceStart } from './describe-entry.ts';
import { drawTimeline } from './draw-timeline.ts';
import { markup, type Markup } from './markup.ts';
import { fact, htmlPage, type Page, readable } from './page.ts';
import type { RunFacts } from './run-facts.ts';

/** Stretches of missed rows that are listed for a client; the rest is counted. */
const mostStretches = 20;

/** The report for people: one file that needs nothing else, in the reader's own light or dark. */
export function htmlReport(verdict: Verdict, facts: RunFacts): string {
  const { scenario, description } = facts;
  const unmet = verdict.findings.filter(({ outcome }) => outcome === 'unmet');
  const met = verdict.findings.filter(({ outcome }) => outcome === 'met');
  const [outcome, tone]: [string, Page['tone']] = verdict.passed
    ? unmet.length > 0
      ? ['passed, with warnings', 'warned']
      : ['passed', 'pass']
    : ['failed', 'fail'];
  const body = markup`${description === undefined ? '' : markup`<p class="about">${description}</p>`}
${factsList(verdict, facts)}
<h2>What happened</h2>
${drawTimeline(verdict, facts)}
<h2>${unmet.length === 0 ? 'Expectations' : 'Not met'}</h2>
${verdict.findings.length === 0 ? markup`<p>The scenario expects nothing of its clients.</p>` : ''}
${unmet.map((finding) => card(finding, facts))}
${unmet.length > 0 && met.length > 0 ? markup`<h2>Met</h2>` : ''}
${met.map((finding) => card(finding, facts))}
<h2>Rows that clients were owed</h2>
${accounts(facts.accounts)}
${notRemembered(facts)}`;
  return htmlPage({ title: scenario, outcome, tone, version: facts.version, body });
}

function notRemembered(facts: RunFacts): Markup {
  const told = allBeyond(facts);
  if (told.length === 0) return markup``;
  return markup`<h2>Not remembered</h2>
<section class="finding warns"><p>This run was more than Papertape keeps in memory:</p><ul>${told.map((one) => markup`<li>${one}</li>`)}</ul></section>`;
}

function factsList({ findings, counts }: Verdict, facts: RunFacts): Markup {
  const { seed, tape, speed, started, ended, again } = facts;
  const warned = counts.warned > 0 ? `, ${count(counts.warned, 'warning')}` : '';
  return markup`<dl class="facts">
${fact('Expectations met', `${counts.met} of ${findings.length}${warned}`)}
${fact('Speed', speed === 'max' ? 'max' : `${speed}×`)}
${fact('Seed', String(seed))}
${fact('Started', readable(started))}
${fact('Took', spell(ended - started))}
${fact('Tape', tape, 'wide')}
${again === undefined ? '' : fact('Run it again', markup`<code>${again}</code>`, 'wide')}
</dl>`;
}

function card(finding: Judged, facts: RunFacts): Markup {
  const { id, sentence, severity, step, outcome, expected, seen } = finding;
  const isMet = outcome === 'met';
  const [tag, tone, kind] = isMet
    ? ['met', 'pass', 'met']
    : severity === 'warn'
      ? ['warning', 'warned', 'warns']
      : ['unmet', 'fail', 'fails'];
  const when = step === undefined ? '' : markup`<dt>Step</dt><dd>${step}</dd>`;
  return markup`<section class="finding ${kind}"><h3><span class="tag ${tone}">${tag}</span><code>${id}</code><span>${sentence}</span></h3>
<dl class="says"><dt>Expected</dt><dd>${expected}</dd><dt>Seen</dt><dd>${seen}</dd>${when}</dl>${isMet ? '' : journal(finding, facts)}</section>
`;
}

function journal({ lines }: Judged, { entries, started, written }: RunFacts): Markup {
  const named = new Set(lines);
  const shown = entries.filter(({ number }) => named.has(number));
  const gone = named.size - shown.length;
  if (named.size === 0) return markup``;
  const forgotten =
    gone === 0
      ? ''
      : markup`<li><span></span><span></span><em>${count(gone, 'line')} no longer kept, of ${written}</em></li>`;
  return markup`<ol class="lines">${shown.map(
    (entry) =>
      markup`<li><span>#${entry.number}</span><span>${sinceStart(entry, started)}</span><em>${describeEntry(entry)}</em></li>`,
  )}${forgotten}</ol>`;
}

function accounts(list: readonly Account[]): Markup {
  if (list.length === 0) return markup`<p>No client subscribed to anything.</p>`;
  return markup`<div class="scroll"><table><thead><tr><th>Client</th><th class="n">Owed</th><th class="n">Missed</th><th class="n">Fetched later</th></tr></thead><tbody>
${list.map(account)}</tbody></table></div>`;
}

function account({ exchange, path, client, owed, missed }: Account): Markup {
  const sum = (of: (one: Missed) => number): string => grouped(missed.reduce((total, one) => total + of(one), 0));
  const shown = missed.slice(0, mostStretches);
  const more = missed.length - shown.length;
  return markup`<tr><td>${client} on ${exchange}${path}</td><td class="n">${grouped(owed)}</td><td class="n">${sum(({ rows }) => rows)}</td><td class="n">${sum(({ fetched }) => fetched)}</td></tr>
${shown.map(stretch)}${more === 0 ? '' : markup`<tr><td class="why" colspan="4">${count(more, 'stretch', 'stretches')} more</td></tr>`}`;
}

function stretch({ symbol, channel, from, to, rows, fetched, why }: Missed): Markup {
  const time = (at: bigint): string => isoMillis(at).slice(11, 23);
  return markup`<tr><td class="why">${symbol} ${channel}, ${time(from)} to ${time(to)}: ${why}</td><td></td><td class="n why">${grouped(rows)}</td><td class="n why">${grouped(fetched)}</td></tr>
`;
}

const grouped = (number: number): string => number.toLocaleString('en-US');
