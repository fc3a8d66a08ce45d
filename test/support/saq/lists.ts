import type { Operation } from '../../../src/operations/operation.ts'
import type { Reads } from '../../../src/operations/reads/local-filter.ts'
import { noLists } from '../lists/no-lists.ts'

type Row = Readonly<Record<string, unknown>>

/** Lists in memory by the name of their operation. A list without rows here cannot be read. */
export class MemoryLists implements Reads<Operation> {
  readonly now = Date.parse('2026-12-01T12:00:00Z')
  /** Every read, with what it asked for. */
  readonly reads: (readonly [name: string, input: Row | readonly string[]])[] = []
  /** Rows that were taken from walks. */
  walked = 0
  readonly #rows: Readonly<Record<string, Iterable<Row>>>

  constructor(rows: Readonly<Record<string, Iterable<Row>>>) {
    this.#rows = rows
  }

  #rowsOf(name: string): Iterable<Row> {
    const rows = this.#rows[name]
    if (!rows) throw new Error(`${name} cannot be read`)
    return rows
  }

  async find(list: Operation, ids: readonly string[]): Promise<ReadonlyMap<string, Row>> {
    this.reads.push([list.name, ids])
    const found = new Map<string, Row>()
    for (const row of this.#rowsOf(list.name))
      if (ids.includes(String(row['id']))) found.set(String(row['id']), row)
    return found
  }

  async *walk(list: Operation, input: Row = {}): AsyncIterable<readonly Row[]> {
    this.reads.push([list.name, input])
    for (const row of this.#rowsOf(list.name)) {
      this.walked++
      yield [row]
    }
  }

  async first(list: Operation, input: Row = {}) {
    this.reads.push([list.name, input])
    return { rows: [...this.#rowsOf(list.name)], isWhole: true }
  }

  async whole(list: Operation): Promise<readonly Row[]> {
    return [...this.#rowsOf(list.name)]
  }

  readonly recent = noLists.recent
  readonly countHosts = noLists.countHosts
  readonly json = noLists.json
  readonly readable = noLists.readable

  async read(operation: Operation, input: Row): Promise<Row> {
    this.reads.push([operation.name, input])
    const [id] = Object.values(input)
    const row = [...this.#rowsOf(operation.name)].find((one) => String(one['id']) === id)
    if (!row) throw new Error(`${operation.name} does not know ${id}`)
    return row
  }

  async attempt<T>(reading: () => Promise<T>): Promise<T | undefined> {
    return reading().catch(() => undefined)
  }

  readonly say = noLists.say
}
