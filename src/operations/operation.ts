import type { z } from 'zod'

/** What an operation does to the account: it decides the MCP hints, consent and what each mode lists. */
export type Effect = 'read' | 'create' | 'update' | 'delete' | 'execute'

/**
 * How well the whole request (method, path, body) is known.
 * documented: all of it stands on a Qualys page. regular: Qualys names the operation, and path and body follow
 * the rule its siblings document. guessed: anything else.
 */
export type Evidence = 'documented' | 'regular' | 'guessed'

/** `METHOD /path/{hole}`; the input fills the holes. */
export type Route = `${'GET' | 'POST' | 'PATCH' | 'DELETE'} /${string}`

/** How the rows of a list are ordered, in our own notation `field:asc|desc`. */
export interface SortRule {
  readonly default: readonly [string, ...string[]]
  /** A field with a value of its own in every row; added behind the sort keys so that equal rows keep their order. */
  readonly unique: string
  /** The wire wants a JSON array, or a string that holds one (CAR, getting started; list_script_jobs.htm). */
  readonly as: 'array' | 'text'
}

/** How a list is walked. One pure reader per kind in session/paging.ts. */
export type Paging =
  | { readonly kind: 'whole' }
  | { readonly kind: 'searchAfter'; readonly sort: SortRule }
  | { readonly kind: 'pageNumber'; readonly sort?: SortRule }
  | { readonly kind: 'offset' }

/** A version of the route that Qualys announced the end of. */
export interface RetiredVersion {
  readonly route: Route
  /** Month of removal, `YYYY-MM`. */
  readonly endOfLife: string
}

/** Where the input goes, when the plain rule (GET: query, else: body) does not fit. */
export interface Mapped {
  readonly query?: Readonly<Record<string, unknown>>
  readonly body?: Readonly<Record<string, unknown>>
}

/** Words an assistant may pass to keep some rows of a list only; each word is a test on one row. */
export type RowTests = Readonly<
  Record<string, Readonly<Record<string, (row: Readonly<Record<string, unknown>>) => boolean>>>
>

/** One call of the Qualys API, as data. Everything else about it is derived. */
export interface Operation {
  readonly name: `car_${string}` | `saq_${string}`
  readonly title: string
  /** What it is for, in at most two sentences. */
  readonly description: string
  readonly route: Route
  readonly effect: Effect
  readonly evidence: Evidence
  /** The page (below docs.qualys.com) or the reasoning that the request rests on. */
  readonly source: string
  readonly input: z.ZodRawShape
  readonly request?: (input: Readonly<Record<string, unknown>>) => Mapped
  /** `rows`: a list. `record`: one thing. `file`: bytes of a type the answer names. */
  readonly returns: 'rows' | 'record' | 'file'
  readonly paging?: Paging
  /** One row (or the record) as Qualys sends it; fields that are required here are in every documented sample. */
  readonly record: z.ZodObject
  /** Field names that Qualys slipped on, and what the assistant sees instead; one that only repeats another goes. */
  readonly mend?: ReadonlyMap<string, string>
  /** The columns shown by default, as dotted paths, most wanted first. */
  readonly columns: readonly string[]
  /** A column with few values, counted in the first line of a page. */
  readonly tally?: string
  readonly rowTests?: RowTests
  /** True when rows carry texts of up to a megabyte: they are then asked for in small batches. */
  readonly heavy?: (input: Readonly<Record<string, unknown>>) => boolean
  readonly retired?: readonly RetiredVersion[]
}

type Holes<R extends string> = R extends `${string}{${infer Hole}}${infer Rest}` ? Hole | Holes<Rest> : never
type Filled<S extends z.ZodRawShape> = z.output<z.ZodObject<S>>

/**
 * Declares an operation. A hole in the route that the input does not fill with text is a compile error on the
 * `input` line, and `request` sees the input's own types.
 */
export function operation<const R extends Route, S extends z.ZodRawShape>(
  spec: Omit<Operation, 'route' | 'input' | 'request' | 'heavy'> & {
    readonly route: R
    readonly input: S & Record<Holes<R>, z.ZodType<string>>
    readonly request?: (input: Filled<S>) => Mapped
    readonly heavy?: (input: Filled<S>) => boolean
  },
): Operation {
  const { request, heavy, ...rest } = spec
  return {
    ...rest,
    ...(request && { request: (input) => request(input as Filled<S>) }),
    ...(heavy && { heavy: (input) => heavy(input as Filled<S>) }),
  }
}

/** The four MCP hints that follow from an effect. */
export interface Hints {
  readonly readOnlyHint: boolean
  readonly destructiveHint: boolean
  readonly idempotentHint: boolean
  readonly openWorldHint: boolean
}

/** `update` may overwrite, and `execute` runs code: both can destroy. Everything reaches Qualys: an open world. */
export const hintsOf: Readonly<Record<Effect, Hints>> = {
  read: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: true },
  create: { readOnlyHint: false, destructiveHint: false, idempotentHint: false, openWorldHint: true },
  update: { readOnlyHint: false, destructiveHint: true, idempotentHint: true, openWorldHint: true },
  delete: { readOnlyHint: false, destructiveHint: true, idempotentHint: true, openWorldHint: true },
  execute: { readOnlyHint: false, destructiveHint: true, idempotentHint: false, openWorldHint: true },
}

/** What a list's rows are called, in words: `car_search_asset_jobs` holds "asset jobs". */
export function nounOf(name: Operation['name']): string {
  return name.split('_').slice(2).join(' ')
}
