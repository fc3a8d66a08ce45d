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
  /** `id`: only where the page of the object lists GREATER for it. */
  | { readonly kind: 'qps'; readonly by: 'offset' | 'id' }

/** A version of the route that Qualys announced the end of. */
export interface RetiredVersion {
  readonly route: Route
  /** Month of removal, `YYYY-MM`. */
  readonly endOfLife: string
}

/** Where the input goes, when the plain rule (GET: query, else: body) does not fit. */
export interface Mapped {
  /** Where it depends on the input. */
  readonly method?: 'GET'
  readonly query?: Readonly<Record<string, unknown>>
  readonly body?: Readonly<Record<string, unknown>>
}

/** Words an assistant may pass to keep some rows of a list only; each word is a test on one row. */
export type RowTests = Readonly<
  Record<string, Readonly<Record<string, (row: Readonly<Record<string, unknown>>) => boolean>>>
>

/** An operation's arguments, validated. */
export type Input = Readonly<Record<string, unknown>>

/** Ids in the input that a list of Qualys shows, with a field of its rows: a UUID the wire wants too, a name, a platform. */
export interface Reference<I = Input> {
  ids(input: I): readonly (string | undefined)[]
  readonly list: Operation
  /** Where the rows keep it; several where no page shows the record, the likeliest first. */
  readonly fields: readonly string[]
  /** True when the request can do without: a list that cannot be read then stops nothing. */
  readonly optional?: true
  /** True for what tools can change: never taken from what was seen minutes ago. */
  readonly fresh?: true
}

/** What a request needs beyond its input. The session provides it. */
export interface Provided {
  /** The value of a secret that the input names; for the request alone. */
  secret(name: string): string
  /** What `references` of that name found for an id. */
  known(reference: string, id: string): string | undefined
  /** Milliseconds since 1970, now. */
  readonly now: number
}

/** People that a campaign gets: by id, or everyone whom a company or a tag finds. */
export interface Recipients {
  /** The input that takes the ids of those who are found. */
  readonly into: string
  readonly ids?: readonly string[] | undefined
  readonly company?: string | undefined
  /** The name of a tag. */
  readonly tag?: string | undefined
}

/** What an effect touches, by id: looked up for the preview, and held against the operator's limits. */
export interface Touched {
  readonly scripts?: readonly string[]
  /** The keys of the parameters that each of them gets. */
  readonly parameters?: readonly { readonly script: string; readonly keys: readonly string[] }[]
  readonly schedules?: readonly string[]
  /** Hosts by themselves or by tag: with the effect `execute`, those on which code runs. */
  readonly assets?: readonly string[]
  readonly tags?: readonly string[]
  readonly excludedAssets?: readonly string[]
  /** True when new content runs wherever an active schedule runs the script. */
  readonly throughSchedules?: boolean
  /** True when the script itself is changed. */
  readonly rewrites?: boolean
  readonly templates?: readonly string[]
  readonly libraryTemplates?: readonly string[]
  readonly campaigns?: readonly string[]
  readonly users?: readonly string[]
  /** Who is to review and to approve a campaign. */
  readonly reviewer?: string
  readonly approver?: string
  readonly recipients?: Recipients
  /** Recipients that leave a campaign. */
  readonly removed?: readonly string[]
  /** True when every recipient of the campaign is mailed. */
  readonly launches?: boolean
  /** True when the mails change that every recipient of the campaign gets later. */
  readonly reminds?: boolean
  /** True when the questionnaires of the campaign are lost. */
  readonly loses?: boolean
  /** True when a new version of the template begins. */
  readonly begins?: boolean
  /** How many questions a template is to hold. */
  readonly questions?: number
  /** How many objects one bulk call names. */
  readonly bulk?: number
  /** True when a schedule is switched off: what it holds already runs no more, so that no limit stands in the way. */
  readonly idle?: boolean
}

/** What an operation with an effect says about itself: to the person who consents, and to the assistant afterwards. */
export interface Change<I = Input> {
  /** The effect of this very input, where that is more than the operation's own; `seen`: what it acts on, once that is known. */
  effect?(input: I, seen?: Input): Effect
  /** Why this input makes no sense, in one sentence that says what to pass; undefined when it does. */
  refuse?(input: I, provided: Provided): string | undefined
  /** Why what the input acts on, as Qualys shows it, forbids this. */
  refuseSeen?(seen: Input, input: I): string | undefined
  /** Names of the secrets that the request is going to need. */
  secrets?(input: I): readonly string[]
  touches?(input: I): Touched
  /** What a person must know before saying yes, a sentence each. */
  warnings?(input: I): readonly string[]
  /** Ids of the objects that the answer must be about. */
  acts?(input: I): readonly string[]
  /** Why the answer, though a success, does not show what was asked for. */
  doubts?(record: Input, input: I): string | undefined
  /** One clause about what was done; `record` is Qualys' answer. */
  done(record: Input, input: I): string
  /** What to do next, where that is not plain. */
  next?(input: I, record: Input): string | undefined
  /** How to find out whether it happened, when the answer is lost. */
  readonly findOut: string
}

/** One call of the Qualys API, as data. Everything else about it is derived. */
export interface Operation<I = Input> {
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
  readonly references?: Readonly<Record<string, Reference<I>>>
  /** The format of the answer, where the product has several. */
  readonly format?: 'json'
  // Methods, so that one over its own input stands for one over any: the schema has checked the input before.
  request?(input: I, provided: Provided): Mapped
  /** `rows`: a list. `record`: one thing. `file`: bytes of a type the answer names. */
  readonly returns: 'rows' | 'record' | 'file'
  readonly paging?: Paging
  /** Asks for rows by id; CAR's token is not public, so that what it brings is compared with what was asked. */
  readonly byId?: {
    readonly args: (ids: readonly string[]) => Input
    /** Ids of one call. */
    readonly most: number
    /** True where a page documents it: an id that does not come back is not there. */
    readonly exact?: true
  }
  /** One row (or the record) as Qualys sends it; fields that are required here are in every documented sample. */
  readonly record: z.ZodObject
  /** Field names that Qualys slipped on, and what the assistant sees instead; one that only repeats another goes. */
  readonly mend?: ReadonlyMap<string, string>
  /** The columns shown by default, as dotted paths, most wanted first. */
  readonly columns: readonly string[]
  /** What `match` looks in besides those columns: worth looking for, not worth its tokens in every row. */
  readonly alsoMatched?: readonly string[]
  /** A column with few values, counted in the first line of a page. */
  readonly tally?: string
  /** A switch that few rows have: counted in the first line, too, and so worth no column. */
  readonly flag?: string
  readonly rowTests?: RowTests
  /** The fields that those tests read. */
  readonly testedFields?: readonly string[]
  /** False for a row, as Qualys sends it, that may be another one a minute later; absent where rows hardly change. */
  settled?(record: unknown): boolean
  /** True when rows carry texts of up to a megabyte: they are then asked for in small batches. */
  heavy?(input: I): boolean
  readonly retired?: readonly RetiredVersion[]
  /** Present exactly when the effect is not `read`. */
  readonly change?: Change<I>
}

type Holes<R extends string> = R extends `${string}{${infer Hole}}${infer Rest}` ? Hole | Holes<Rest> : never
type Filled<S extends z.ZodRawShape> = z.output<z.ZodObject<S>>

/** An operation that reads has no change to tell of; any other must. */
type Consequence<I> =
  | { readonly effect: 'read'; readonly change?: never }
  | { readonly effect: Exclude<Effect, 'read'>; readonly change: Change<I> }

/**
 * Declares an operation. A hole in the route that the input does not fill with text is a compile error on the
 * `input` line, and its functions see the input's own types.
 */
export function operation<const R extends Route, S extends z.ZodRawShape>(
  spec: Omit<Operation<Filled<S>>, 'route' | 'input' | 'effect' | 'change'> & {
    readonly route: R
    readonly input: S & Record<Holes<R>, z.ZodType<string>>
  } & Consequence<Filled<S>>,
): Operation {
  return spec
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
