/** Parses one input of a request. Throws a refusal that names the input if its value is invalid. */
export interface InputOf<Source, Value> {
  (source: Source, name: string, strict: boolean): Value
  /** The inputs within it. */
  parts?: InputTable
  /** Why it is taken, if no page names it or shows its content. */
  reason?: string
}

/** The inputs that an object may have. */
export type InputTable = Readonly<Record<string, InputOf<never, unknown>>>

export type ValueOf<I> = I extends InputOf<never, infer Value> ? Value : never

/** The parsed inputs. */
export type Parsed<Table extends InputTable, Mandatory extends keyof Table = never> = {
  readonly [Name in Mandatory]: ValueOf<Table[Name]>
} & { readonly [Name in Exclude<keyof Table, Mandatory>]?: ValueOf<Table[Name]> }

/** Inputs that no page names, or whose content none shows, and why they are taken. */
export function assumed<Table extends InputTable>(reason: string, inputs: Table): Table {
  const marked = Object.entries(inputs).map(([name, input]) => [
    name,
    Object.assign(input.bind(undefined), { ...input, reason }),
  ])
  return Object.fromEntries(marked)
}

/** An input that consists of others. */
export function composed<Source, Value>(
  parts: InputTable,
  read: InputOf<Source, Value>,
): InputOf<Source, Value> {
  return Object.assign(read, { parts })
}
