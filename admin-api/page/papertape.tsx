import { render } from 'preact';
import { App } from './app.tsx';
import { bringSymbolDispose } from './symbol-dispose.ts';

bringSymbolDispose();
const place = document.querySelector('#page');
if (place !== null) render(<App />, place);
