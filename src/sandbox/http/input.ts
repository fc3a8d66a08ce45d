/** Parses one input of a request. Throws a refusal that names the input if its value is invalid. */
export interface InputOf<Source, Value> {
  (source: Source, name: string, strict: boolean): Value
  /** No page names the input, or shows its content. Each of these is listed in the assumptions. */
  assumed?: true
}

/** The inputs that an object may have. */
export type InputTable = Readonly<Record<string, InputOf<never, unknown>>>

export type ValueOf<I> = I extends InputOf<never, infer Value> ? Value : never

/** The parsed inputs. */
export type Parsed<Table extends InputTable, Mandatory extends keyof Table = never> = {
  readonly [Name in Mandatory]: ValueOf<Table[Name]>
} & { readonly [Name in Exclude<keyof Table, Mandatory>]?: ValueOf<Table[Name]> }

/** Marks an input whose name or content is an assumption. */
export function assumed<Source, Value>(input: InputOf<Source, Value>): InputOf<Source, Value> {
  return Object.assign(input.bind(undefined), { assumed: true as const })
}
