/** Things that are ended together, the last begun first. One that fails to end does not keep the others from it. */
export class Owned implements AsyncDisposable {
  readonly #things: (AsyncDisposable | Disposable)[] = [];

  own<Thing extends AsyncDisposable | Disposable>(thing: Thing): Thing {
    this.#things.push(thing);
    return thing;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const failures: unknown[] = [];
    for (let thing = this.#things.pop(); thing !== undefined; thing = this.#things.pop()) {
      try {
        if (Symbol.asyncDispose in thing) await thing[Symbol.asyncDispose]();
        else thing[Symbol.dispose]();
      } catch (error) {
        failures.push(error);
      }
    }
    if (failures.length > 0) throw new AggregateError(failures, 'not everything could be ended');
  }
}
