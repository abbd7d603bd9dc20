import { type ByteWriter, type Snippet, snippet } from './byte-writer.ts';

/** Symbols remembered per kind of event; past it the memory starts afresh. All US listings are some 12,000. */
const rememberedSymbols = 32_768;

/** Remembers the bytes that open an event of one kind, per symbol, since they are a third of it and never change. */
export function openings(make: (symbol: string) => string | Uint8Array): (symbol: string, out: ByteWriter) => void {
  const known = new Map<string, Snippet>();
  return (symbol, out) => {
    let opening = known.get(symbol);
    if (opening === undefined) {
      if (known.size >= rememberedSymbols) known.clear();
      opening = snippet(make(symbol));
      known.set(symbol, opening);
    }
    out.put(opening);
  };
}
