/**
 * Something about the questionnaires that bear one name, counted one by one. A questionnaire shows only the name of its
 * recipient, so what holds for one of several namesakes is known only if each has a questionnaire and all are alike.
 */
export class SharedValues<Value> {
  readonly #counts = new Map<Value, number>()

  add(value: Value): void {
    this.#counts.set(value, (this.#counts.get(value) ?? 0) + 1)
  }

  /** Each value, and how many questionnaires have it. */
  get counts(): ReadonlyMap<Value, number> {
    return this.#counts
  }

  /** What holds for each of so many namesakes; undefined if that is not known. */
  agreed(namesakes: number): Value | undefined {
    const [first, other] = this.#counts
    return first && !other && first[1] === namesakes ? first[0] : undefined
  }
}
