/** What is made of settings, once for each content: equal settings share it, also after a reload. */
export class ContentCache<Settings extends object, Value> {
  readonly #make: (settings: Settings) => Value;
  readonly #byContent = new Map<string, Value>();
  // A probe must not pay for the text of its settings.
  readonly #byObject = new WeakMap<Settings, Value>();

  constructor(make: (settings: Settings) => Value) {
    this.#make = make;
  }

  get(settings: Settings): Value {
    const value = this.#byObject.get(settings) ?? this.#getByContent(settings);
    this.#byObject.set(settings, value);
    return value;
  }

  /** Forgets the values of all other settings. */
  keep(settings: Iterable<Settings>): void {
    const kept = new Set([...new Set(settings)].map((used) => JSON.stringify(used)));
    for (const content of this.#byContent.keys()) if (!kept.has(content)) this.#byContent.delete(content);
  }

  #getByContent(settings: Settings): Value {
    const content = JSON.stringify(settings);
    const value = this.#byContent.get(content) ?? this.#make(settings);
    this.#byContent.set(content, value);
    return value;
  }
}
