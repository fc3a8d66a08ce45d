type Row = Readonly<Record<string, unknown>>

/** What an index may hold at most. */
export interface IndexBounds {
  readonly rows: number
  readonly characters: number
}

const indexBounds: IndexBounds = { rows: 200_000, characters: 40_000_000 }

/** A column of an index, and how it is read from a row. */
export interface IndexColumn {
  readonly name: string
  readonly read: (row: Row) => unknown
}

/** Rows of a list by their ids, reduced to some columns. Rows with the same values share them. */
export class RowIndex {
  readonly #columns: readonly IndexColumn[]
  readonly #places: ReadonlyMap<string, number>
  readonly #bounds: IndexBounds
  readonly #rows = new Map<string, readonly unknown[]>()
  readonly #shared = new Map<string, readonly unknown[]>()
  /** By column: what `common` returns, which is asked for with each row of another list. */
  readonly #common = new Map<string, { readonly value: unknown } | undefined>()
  #size = 0
  #characters = 0

  constructor(columns: readonly IndexColumn[], bounds: IndexBounds = indexBounds) {
    this.#columns = columns
    this.#places = new Map(columns.map(({ name }, at) => [name, at]))
    this.#bounds = bounds
  }

  /** Number of rows. */
  get size(): number {
    return this.#size
  }

  /** Adds a row under its ids; false if the index is full. */
  add(ids: readonly string[], row: Row): boolean {
    const values = this.#columns.map(({ read }) => read(row))
    const text = JSON.stringify(values, (_, value: unknown) =>
      typeof value === 'bigint' ? String(value) : value,
    )
    const known = this.#shared.get(text)
    const growth = ids.join('').length + (known ? 0 : text.length)
    if (this.#size === this.#bounds.rows || this.#characters + growth > this.#bounds.characters) return false
    this.#size++
    this.#characters += growth
    if (!known) {
      this.#shared.set(text, values)
      this.#common.clear()
    }
    for (const id of ids) if (!this.#rows.has(id)) this.#rows.set(id, known ?? values)
    return true
  }

  has(id: string): boolean {
    return this.#rows.has(id)
  }

  /** Every id. */
  get ids(): Iterable<string> {
    return this.#rows.keys()
  }

  /** The value of a column in the row with this id. */
  value(id: string, column: string): unknown {
    return this.#rows.get(id)?.[this.#places.get(column) ?? -1]
  }

  /** The value that all rows have in a column; undefined if they differ, or if there are none. */
  common(column: string): { readonly value: unknown } | undefined {
    if (!this.#common.has(column)) this.#common.set(column, this.#findCommon(column))
    return this.#common.get(column)
  }

  #findCommon(column: string): { readonly value: unknown } | undefined {
    const place = this.#places.get(column) ?? -1
    const byText = new Map([...this.#shared.values()].map((values) => [String(values[place]), values[place]]))
    const [value] = byText.values()
    return byText.size === 1 ? { value } : undefined
  }
}
