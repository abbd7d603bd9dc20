/** How many letters must be typed, taken away, changed or swapped to turn one word into another. */
export function distance(one: string, other: string): number {
  let before: number[] = [];
  let last = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (let row = 1; row <= one.length; row++) {
    const now = [row];
    for (let column = 1; column <= other.length; column++) {
      const same = one[row - 1] === other[column - 1];
      let cost = Math.min(
        (last[column] ?? 0) + 1,
        (now[column - 1] ?? 0) + 1,
        (last[column - 1] ?? 0) + (same ? 0 : 1),
      );
      if (row > 1 && column > 1 && one[row - 1] === other[column - 2] && one[row - 2] === other[column - 1]) {
        cost = Math.min(cost, (before[column - 2] ?? 0) + 1);
      }
      now.push(cost);
    }
    [before, last] = [last, now];
  }
  return last[other.length] ?? 0;
}

const longestWord = 100;

/** The word that was probably meant, or `undefined` when none is close. Case, `-` and `_` do not count as differences. */
export function closest(word: string, words: Iterable<string>): string | undefined {
  // No word of ours is so long, and the time it takes grows with the length.
  if (word.length > longestWord) return undefined;
  const allowed = Math.max(1, Math.floor(word.length / 3));
  let best: { readonly word: string; readonly away: number; readonly shared: number } | undefined;
  for (const candidate of words) {
    const away = distance(plain(word), plain(candidate));
    // Of two equally close words people mean the one that begins as they did: `sped` is speed, not seed.
    const shared = sharedBeginning(plain(word), plain(candidate));
    const closer = best === undefined || away < best.away || (away === best.away && shared > best.shared);
    if (away <= allowed && closer) best = { word: candidate, away, shared };
  }
  return best?.word;
}

const plain = (text: string): string => text.toLowerCase().replace(/[-_]/g, '');

function sharedBeginning(one: string, other: string): number {
  let length = 0;
  while (length < one.length && one[length] === other[length]) length++;
  return length;
}
