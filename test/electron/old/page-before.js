// Runs in pages before our own scripts, where Chromium is as old as 83: what our page asks of a newer one.
(() => {
  const define = (target, name, value) => {
    if (!(name in target)) Object.defineProperty(target, name, { value, configurable: true, writable: true });
  };
  const at = function (index) {
    return this[index < 0 ? this.length + index : index];
  };
  const lastIndex = (list, test) => {
    for (let index = list.length - 1; index >= 0; index--) if (test(list[index], index, list)) return index;
    return -1;
  };
  for (const kind of [Array, String, Object.getPrototypeOf(Uint8Array)]) define(kind.prototype, 'at', at);
  define(Array.prototype, 'findLast', function (test) {
    return this[lastIndex(this, test)];
  });
  define(Array.prototype, 'findLastIndex', function (test) {
    return lastIndex(this, test);
  });
  define(Array.prototype, 'toSorted', function (compare) {
    return [...this].sort(compare);
  });
  define(Array.prototype, 'toReversed', function () {
    return [...this].reverse();
  });
  define(Array.prototype, 'with', function (index, value) {
    const copy = [...this];
    copy[index] = value;
    return copy;
  });
  define(String.prototype, 'replaceAll', function (find, put) {
    return typeof find === 'string' ? this.split(find).join(put) : this.replace(find, put);
  });
  define(Object, 'hasOwn', (object, name) => Reflect.getOwnPropertyDescriptor(object, name) !== undefined);
  define(Object, 'groupBy', (items, keyOf) => {
    const groups = Object.create(null);
    let index = 0;
    for (const item of items) {
      const key = keyOf(item, index++);
      if (!(key in groups)) groups[key] = [];
      groups[key].push(item);
    }
    return groups;
  });
  define(Map, 'groupBy', (items, keyOf) => {
    const groups = new Map();
    let index = 0;
    for (const item of items) {
      const key = keyOf(item, index++);
      if (!groups.has(key)) groups.set(key, []);
      groups.get(key).push(item);
    }
    return groups;
  });
  define(Promise, 'withResolvers', () => {
    const made = {};
    made.promise = new Promise((resolve, reject) => Object.assign(made, { resolve, reject }));
    return made;
  });
  define(Promise, 'any', (promises) => {
    const all = [...promises].map((each) =>
      Promise.resolve(each).then(
        (value) => Promise.reject({ value }),
        (error) => error,
      ),
    );
    return Promise.all(all).then(
      (errors) => Promise.reject(errors),
      ({ value }) => value,
    );
  });
  define(Set.prototype, 'union', function (other) {
    return new Set([...this, ...other]);
  });
  define(Set.prototype, 'intersection', function (other) {
    return new Set([...this].filter((value) => other.has(value)));
  });
  define(Set.prototype, 'difference', function (other) {
    return new Set([...this].filter((value) => !other.has(value)));
  });
  define(URL, 'parse', (text, base) => {
    try {
      return new URL(text, base);
    } catch (_error) {
      return null;
    }
  });
  define(URL, 'canParse', (text, base) => URL.parse(text, base) !== null);
  define(globalThis, 'structuredClone', (value) => JSON.parse(JSON.stringify(value)));
  define(Element.prototype, 'replaceChildren', function (...nodes) {
    while (this.firstChild) this.removeChild(this.firstChild);
    this.append(...nodes);
  });
  define(Element.prototype, 'checkVisibility', function () {
    return this.getClientRects().length > 0;
  });
  define(AbortSignal.prototype, 'throwIfAborted', function () {
    if (this.aborted) throw new DOMException('Aborted', 'AbortError');
  });
  // What is held weakly there is held for good here: a test does not run that long.
  class Held {
    constructor(value) {
      this.deref = () => value;
    }
  }
  class Never {
    register() {}
    unregister() {}
  }
  define(globalThis, 'WeakRef', Held);
  define(globalThis, 'FinalizationRegistry', Never);
})();
