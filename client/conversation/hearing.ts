import type { Notice } from '../feeds/feed.ts';
import { answers } from './answers.ts';
import { loggedIn, login } from './arriving.ts';
import { apply } from './asking.ts';
import type { Input } from './face.ts';
import { leave } from './leaving.ts';
import type { Ending } from './report.ts';
import { answer } from './subscriptions.ts';
import { arm, isInside, isTalking, tell, type Turn, useful } from './turn.ts';

/** Takes in what a frame says, in its order. */
export function heard(turn: Turn, { notices, events }: Extract<Input, { readonly kind: 'heard' }>): void {
  const about: Notice[] = [];
  for (const notice of notices) {
    const { stage } = turn.state;
    if (!isTalking(stage)) return;
    const isOutside = !isInside(stage);
    if (notice.kind === 'unreadable') tell(turn, notice);
    else if (notice.kind === 'greeted' && stage.phase === 'greeting') login(turn, stage.key);
    // Who logs in by its address or its headers may be told so before it asks.
    else if (notice.kind === 'logged-in' && isOutside) loggedIn(turn, stage.key);
    else if (notice.kind === 'trouble') about.push(...trouble(turn, notice));
    else if (!isOutside) about.push(notice);
  }
  const { feed, settings } = turn.context;
  if (!isInside(turn.state.stage)) return;
  if (events.length > 0 && !turn.state.proven) turn.state = useful(turn.state);
  apply(turn, answer(turn.state.subscriptions, about, events, feed, settings), 'released');
}

/** Does what such trouble asks for. Returns it as a denial where it is one. */
function trouble(turn: Turn, { why, code, message }: Extract<Notice, { readonly kind: 'trouble' }>): Notice[] {
  const { stage, subscriptions } = turn.state;
  const ending: Ending = { by: 'trouble', why, code, message };
  const isAsking = subscriptions.asking !== undefined;
  const what = answers[why][isInside(stage) ? 'inside' : 'outside'];
  switch (what) {
    case 'again':
      leave(turn, ending);
      return [];
    case 'next-key':
      leave(turn, ending, { offence: 'refused' });
      return [];
    case 'make-room':
      leave(turn, ending, { offence: 'crowded' });
      return [];
    case 'hold':
      if (isAsking) arm(turn, 'acknowledgement', turn.context.settings.askPause);
      tell(turn, { kind: 'trouble', why, code, message });
      return [];
    case 'deny':
      if (isAsking) return [{ kind: 'denied', wants: undefined, why, message }];
      tell(turn, { kind: 'trouble', why, code, message });
      return [];
  }
}
