import type { JSX, TargetedSubmitEvent } from 'preact';
import { useRef } from 'preact/hooks';
import { useSignalEffect } from '@preact/signals';
import { showToken, wantsToken } from '../state/api.ts';

/** Asks for the token of the admin API, when the API does. */
export function TokenDialog(): JSX.Element {
  const dialog = useRef<HTMLDialogElement>(null);
  const field = useRef<HTMLInputElement>(null);
  useSignalEffect(() => {
    if (wantsToken.value !== undefined && dialog.current?.open === false) dialog.current.showModal();
  });
  const submit = (event: TargetedSubmitEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const given = field.current?.value.trim();
    if (!given) return;
    dialog.current?.close();
    showToken(given);
  };
  return (
    <dialog ref={dialog} aria-labelledby="token-title" onCancel={(event) => event.preventDefault()}>
      <form onSubmit={submit} class="ask">
        <h2 id="token-title">This Papertape wants a token</h2>
        <p class="soft">
          {wantsToken.value === 'wrong' ? 'That was not the right one. ' : ''}
          It is the <code class="mono">PAPERTAPE_ADMIN_TOKEN</code> its server was started with. The page forgets it
          with this browser tab.
        </p>
        <label>
          <span>Token</span>
          <input ref={field} class="field" type="password" autocomplete="off" required />
        </label>
        <button class="button primary">Go on</button>
      </form>
    </dialog>
  );
}
