const close = 8;

/** Follows where the frames of one direction begin and end (RFC 6455 §5.2), whatever they say and wherever the network cuts them. */
export class FrameEdges {
  /** Bytes seen of the head of the frame under way. */
  #seen = 0;
  #head = 2;
  /** Where in the head its length ends. */
  #length = 2;
  /** Bytes of its payload still to come. */
  #left = 0;
  #hasClosed = false;

  /** Whether no frame is under way. */
  get isBetween(): boolean {
    return this.#seen === 0;
  }

  /** Whether a Close frame has begun. */
  get hasClosed(): boolean {
    return this.#hasClosed;
  }

  /** Follows the bytes from `start` to where the frame under way ends, or as far as they go; returns where that is. */
  follow(bytes: Buffer, start: number): number {
    let at = start;
    while (at < bytes.length) {
      if (this.#seen < this.#head) {
        this.#read(bytes.readUInt8(at++));
      } else {
        const step = Math.min(this.#left, bytes.length - at);
        this.#left -= step;
        at += step;
      }
      if (this.#seen < this.#head || this.#left > 0) continue;
      [this.#seen, this.#head] = [0, 2];
      return at;
    }
    return at;
  }

  #read(byte: number): void {
    this.#seen++;
    if (this.#seen === 1) {
      if ((byte & 0x0f) === close) this.#hasClosed = true;
    } else if (this.#seen === 2) {
      const short = byte & 0x7f;
      this.#length = short < 126 ? 2 : short === 126 ? 4 : 10;
      this.#head = this.#length + (byte >= 0x80 ? 4 : 0);
      this.#left = short < 126 ? short : 0;
    } else if (this.#seen <= this.#length) {
      this.#left = this.#left * 256 + byte;
    }
  }
}
