const slots = 4096;
const longestList = 120;

/**
 * Remembers the texts and lists it has made, because symbols, codes and conditions come again and again: what is met before costs a look
 * at its bytes. Of what falls into one slot the last stays.
 */
export class Familiar {
  // A text of one byte is one of 128; of two to eight bytes it is known by its length and two words that overlap in its middle.
  readonly #letters = Array.from({ length: 128 }, (_, code) => String.fromCharCode(code));
  readonly #texts: string[] = Array.from({ length: slots }, () => '');
  readonly #keys = new Int32Array(slots * 3);
  readonly #longs: string[] = Array.from({ length: slots }, () => '');
  readonly #lists: (List | undefined)[] = Array.from({ length: slots }, () => undefined);

  text(bytes: Buffer, view: DataView, from: number, length: number): string {
    if (length === 0) return '';
    if (length === 1) return this.#letters[view.getUint8(from)] ?? bytes.toString('utf8', from, from + 1);
    if (length > 8) return this.#long(bytes, from, length);
    const wide = length >= 4;
    const first = wide ? view.getInt32(from) : view.getInt16(from);
    const last = wide ? view.getInt32(from + length - 4) : view.getInt16(from + length - 2);
    const slot = mixed(Math.imul(first, 31) + last + length);
    const keys = this.#keys;
    const place = slot * 3;
    if (keys[place] === length && keys[place + 1] === first && keys[place + 2] === last) return this.#texts[slot] ?? '';
    const text = bytes.toString('utf8', from, from + length);
    keys[place] = length;
    keys[place + 1] = first;
    keys[place + 2] = last;
    this.#texts[slot] = text;
    return text;
  }

  #long(bytes: Buffer, from: number, length: number): string {
    let hash = length;
    for (let i = from; i < from + length; i++) hash = (Math.imul(hash, 31) + (bytes[i] ?? 0)) | 0;
    const slot = mixed(hash);
    const known = this.#longs[slot] ?? '';
    if (known.length === length) {
      let same = 0;
      while (same < length && known.charCodeAt(same) === bytes[from + same]) same++;
      if (same === length) return known;
    }
    return (this.#longs[slot] = bytes.toString('utf8', from, from + length));
  }

  /** The list whose cell has these bytes, made by `make` when it is new. */
  list(view: DataView, from: number, length: number, make: () => readonly string[]): readonly string[] {
    if (length > longestList || length < 4) return make();
    const words = (length + 3) >> 2;
    let hash = length;
    for (let i = 0; i < words; i++) hash = (Math.imul(hash, 31) + wordOf(view, from, length, i)) | 0;
    const slot = mixed(hash);
    const known = this.#lists[slot];
    if (known?.length === length) {
      let same = 0;
      while (same < words && known.words[same] === wordOf(view, from, length, same)) same++;
      if (same === words) return known.items;
    }
    const seen = new Int32Array(words);
    for (let i = 0; i < words; i++) seen[i] = wordOf(view, from, length, i);
    const items = make();
    this.#lists[slot] = { length, words: seen, items };
    return items;
  }
}

interface List {
  readonly length: number;
  readonly words: Int32Array;
  readonly items: readonly string[];
}

/** Four bytes of a cell; the last four overlap those before when the length is no multiple of four. */
function wordOf(view: DataView, from: number, length: number, index: number): number {
  const offset = index * 4;
  return view.getInt32(from + (offset + 4 > length ? length - 4 : offset));
}

/** Spreads a number over the slots. */
const mixed = (hash: number): number => Math.imul(hash, 0x9e37_79b1) >>> 20;
