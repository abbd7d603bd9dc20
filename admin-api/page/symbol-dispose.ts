/** Lets browsers that cannot dispose of things by themselves yet do so; the bundler looks for the symbol here. */
export function bringSymbolDispose(): void {
  if (Reflect.has(Symbol, 'dispose')) return;
  Object.defineProperty(Symbol, 'dispose', { value: Symbol.for('Symbol.dispose') });
}
