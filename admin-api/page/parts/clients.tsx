import type { JSX } from 'preact';
import type { SessionView } from '../../sdk/index.ts';
import { disconnect, rates, sessions } from '../state/clients.ts';
import { goTo } from '../state/place.ts';
import { run } from '../state/run.ts';
import { bytes, many, roughly, span } from '../state/words.ts';
import { Panel } from './panel.tsx';

/** Symbols of a channel that are named; the others are counted. */
const mostNamed = 8;
/** From when on a client counts as behind, in milliseconds. */
const tolerable = 250;

/** Who is connected, what each subscribes to and how far behind it is. */
export function Clients(): JSX.Element {
  const list = sessions.value;
  return (
    <Panel id="clients" title="Clients" count={told(list.length)}>
      <div class="scroll" tabIndex={0} role="region" aria-label="Connected clients">
        {list.length === 0 ? (
          <div class="nothing">
            <p>Nobody is connected.</p>
            <p>
              Point a client at <code class="mono">{run.value?.url ?? '…'}</code>{' '}
              <button type="button" class="word" onClick={() => goTo('runs')}>
                URLs, key and environment
              </button>
            </p>
          </div>
        ) : (
          <ul class="clients">
            {list.map((one) => (
              <Client key={one.session} session={one} />
            ))}
          </ul>
        )}
      </div>
    </Panel>
  );
}

function Client({ session: one }: { readonly session: SessionView }): JSX.Element {
  const { session, exchange, path, client, encoding, loggedIn, subscriptions, delivered, dropped, bytesSent } = one;
  const rate = rates.value?.sessions.find((each) => each.session === session)?.eventsPerSecond;
  const isBehind = one.behindMs > tolerable || dropped > 0;
  return (
    <li>
      <div class="who">
        <strong>#{session}</strong>
        <span>
          {exchange}
          <span class="mono">{path}</span>
        </span>
        <span class="soft">{client ?? (loggedIn ? 'no key' : 'not logged in')}</span>
        <button
          type="button"
          class="button"
          onClick={() => void disconnect(one)}
          aria-label={`Disconnect client ${session}`}
        >
          Cut
        </button>
      </div>
      <p class="holds">
        {subscriptions.length === 0 ? <span class="soft">subscribes to nothing</span> : null}
        {groupsOf(subscriptions).map(({ channels, symbols }) => (
          <span key={channels} title={symbols.join(', ')}>
            <b>{channels}</b> {symbols.slice(0, mostNamed).join(' ')}
            {symbols.length > mostNamed ? ` +${symbols.length - mostNamed}` : ''}
          </span>
        ))}
      </p>
      <dl class="facts">
        <div data-state={isBehind ? 'unmet' : 'met'}>
          <dt>behind</dt>
          <dd>{span(one.behindMs)}</dd>
        </div>
        <div>
          <dt>waiting</dt>
          <dd>{bytes(one.bytesWaiting)}</dd>
        </div>
        <div title={`${many(delivered, 'event')} so far`}>
          <dt>events/s</dt>
          <dd>{rate === undefined ? '–' : roughly(rate)}</dd>
        </div>
        <div data-state={dropped > 0 ? 'unmet' : undefined}>
          <dt>left out</dt>
          <dd>{roughly(dropped)}</dd>
        </div>
        <div title={encoding}>
          <dt>{encoding.split(' ').at(-1)}</dt>
          <dd>{bytes(bytesSent)}</dd>
        </div>
      </dl>
    </li>
  );
}

function told(connected: number): string {
  const { eventsPerSecond = 0, bytesPerSecond = 0 } = rates.value ?? {};
  if (connected === 0) return 'none';
  return `${connected}, ${roughly(eventsPerSecond)} events/s, ${bytes(bytesPerSecond)}/s`;
}

/** Channels of the same symbols are told together. */
function groupsOf(subscriptions: SessionView['subscriptions']): { channels: string; symbols: readonly string[] }[] {
  const groups = new Map<string, SessionView['subscriptions']>();
  for (const one of subscriptions) {
    const symbols = one.symbols.join(' ');
    groups.set(symbols, [...(groups.get(symbols) ?? []), one]);
  }
  return [...groups.values()].map((group) => ({
    channels: group.map(({ channel }) => channel).join(' '),
    symbols: group[0]?.symbols ?? [],
  }));
}
