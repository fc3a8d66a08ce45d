import type { z } from 'zod'
import type { Act, EffectTargets, FilledInput } from './effects/effect-targets.ts'
import type { FileImport } from './effects/file-import.ts'
import type { NewState, ShownTargets } from './effects/new-state.ts'
import type { Verification } from './effects/verification.ts'
import type { Parts, SlicedText, WholeText } from './long-records.ts'
import type { Paging } from './paging-kinds.ts'
import type { DerivedRows, Underived } from './reads/derived-rows.ts'
import type { JoinedColumns } from './reads/joined-columns.ts'
import type { Lists } from './reads/lists.ts'
import type { LocalFilter } from './reads/local-filter.ts'
import type { RowFilters } from './reads/row-words.ts'
import type { ShortId } from './reads/short-ids.ts'

/** What an operation does to the account. The MCP hints, the consent and the tools of each mode depend on it. */
export type Effect = 'read' | 'create' | 'update' | 'delete' | 'execute'

/**
 * How well the whole request (method, path, body) is known. documented: a Qualys page shows all of it.
 * regular: Qualys names the operation, and path and body follow the documented rule of similar operations.
 * guessed: anything else.
 */
export type Evidence = 'documented' | 'regular' | 'guessed'

/** `METHOD /path/{placeholder}`; the input fills the placeholders. */
export type Route = `${'GET' | 'POST' | 'PATCH' | 'DELETE'} /${string}`

/** A version of the route whose end Qualys has announced. */
export interface RetiredVersion {
  readonly route: Route
  /** Month of removal, `YYYY-MM`. */
  readonly endOfLife: string
}

/** Where the input goes, if the plain rule (GET: query, otherwise: body) does not fit. */
export interface RequestParts {
  /** Set if the method depends on the input. */
  readonly method?: 'GET'
  readonly query?: Readonly<Record<string, unknown>>
  readonly body?: Readonly<Record<string, unknown>>
}

/** An operation's arguments, validated. */
export type Input = Readonly<Record<string, unknown>>

/**
 * Ids in the input that a list of Qualys shows, and the field of its rows that is needed: a UUID for the
 * request, a name, a platform.
 */
export interface Reference<I = Input> {
  ids(input: I): readonly (string | undefined)[]
  readonly list: Operation
  /** The field that holds it; several candidates if no page documents the record, the likeliest first. */
  readonly fields: readonly string[]
  /** True if the request works without it: a list that cannot be read then stops nothing. */
  readonly optional?: true
  /** True for what tools can change: never taken from the lookup cache. */
  readonly fresh?: true
}

/** What a request needs beyond its input. The session resolves it. */
export interface Resolved {
  /** The value of a secret that the input names; for the request only. */
  secret(name: string): string
  /** The value that the reference of that name found for an id. */
  lookup(reference: string, id: string): string | undefined
}

/**
 * What a secret that the input names is for: the token of a repository at this host, or a parameter of this script,
 * which has no id yet if it is new.
 */
export type SecretUse = { readonly name: string } & (
  | { readonly host: string }
  | { readonly script: string | undefined }
)

/** Arguments in the form that their target needs. */
export interface Adapted<I = Input> {
  readonly input: I
  /** New content in which each character of a secret that is stored is covered; only if that is known. */
  readonly covered?: string | undefined
  /** The arguments as the preview shows them, if it does not show all that is sent. */
  readonly shown?: Input
  /** What is not as it was passed, as one clause for the person and the assistant. */
  readonly note?: string | undefined
  /** What a person must know before approving, one sentence each; the reply repeats them. */
  readonly warnings?: readonly string[]
  /** Why the target, as Qualys shows it, does not allow this: `what is wrong: what to do`. */
  readonly problem?: string | undefined
}

/**
 * What an operation with an effect says about itself: to the person who consents before the call, and to the
 * assistant after it.
 */
export interface Change<I = Input> {
  /** Says that what is left out stays, as with every `update`: an empty input is refused. */
  readonly keepsStored?: true
  /**
   * The effect of this input, if it is more than the operation's own. `current`: the target as Qualys shows it,
   * once it is looked up.
   */
  effect?(input: I, current?: Input): Effect
  /**
   * What this input, as passed, does that an operator can switch off, besides deleting. `current`: the target as Qualys
   * shows it; what it does not show counts as done.
   */
  acts?(input: I, current?: Input): readonly Act[]
  /** Why this input, as passed, is invalid, in one sentence that says what to pass. `now`: epoch, in ms. */
  validate?(input: I, now: number): string | undefined
  /** The whole that is checked, approved and sent, where Qualys wants all of an object and the input may name a part. */
  fill?(input: I, current: Input | undefined, now: number): FilledInput<I>
  /** The same for what only the references of the input show. */
  validateWith?(input: I, resolved: Resolved): string | undefined
  /** Why the current state of a target, as Qualys shows it, forbids this; undefined if it does not. */
  validateAgainst?(current: Input, input: I): string | undefined
  /** The secrets that the request needs, and what for. A call that names one counts as `execute`. */
  secrets?(input: I): readonly SecretUse[]
  /** `passed`: the input without what `fill` takes from the store. `changes`: as `fill` names them. */
  targets(input: I, passed?: I, changes?: readonly string[]): EffectTargets
  /**
   * True if this input, as passed, only takes away work: neither the stop file nor windows and budgets bind it. One
   * that turns out to change more (`isSwitchOff` false) is bound.
   */
  quiets?(input: I): boolean
  /** Which calls that are, if not all of the tool: words behind its name. */
  readonly quietCalls?: string
  /** The input for exactly these hosts, in place of the tags that hold them now. */
  forHosts?(input: I, hosts: readonly string[]): I
  /** What a person must know before approving, one sentence each. `passed`: as for `targets`. */
  warnings?(input: I, passed?: I): readonly string[]
  /**
   * The arguments in the form that the target needs: shown, approved, logged and sent. `current`: the target as Qualys
   * shows it; undefined if it could not be looked up. `cover`: covers each character of a secret.
   */
  adapt?(input: I, current: Input | undefined, cover: (text: string) => string): Adapted
  /** Ids of which the answer may name some as done and others as refused. */
  partialIds?(input: I): readonly string[]
  /** Ids of the objects that the answer must name. */
  expectedIds?(input: I): readonly string[]
  /** Why an answer that reports success does not confirm what was asked for; undefined if it does. */
  checkResult?(record: Input, input: I): string | undefined
  readonly verify?: Verification
  /** The input that a file in the operator's folder may give. */
  readonly imports?: FileImport
  /**
   * The state after the effect, for the reply: at most one read, of a documented or regular operation. `record` is
   * Qualys' answer. Undefined if no more is known than the summary says.
   */
  newState?(
    input: I,
    record: Input,
    lists: Lists<Operation>,
    shown: ShownTargets,
  ): Promise<NewState | string | undefined>
  /** The list whose rows it changes, if the session keeps that list: it is read again. */
  readonly changedList?: Operation
  /** One clause about what was done; `record` is Qualys' answer. */
  summary(record: Input, input: I, shown: ShownTargets): string
  /** What to do next, if that is not obvious. */
  next?(input: I, record: Input): string | undefined
  /** How to find out whether it happened if the outcome is unclear. */
  readonly recovery: string
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
  /** The page (below docs.qualys.com) or the reasoning that the request is based on. */
  readonly source: string
  readonly input: z.ZodRawShape
  readonly references?: Readonly<Record<string, Reference<I>>>
  /** Inputs of a read whose UUID may be given by its first eight characters. */
  readonly shortIds?: Readonly<Record<string, ShortId<Operation>>>
  /** The format of the answer, if the product has several. */
  readonly format?: 'json'
  // Declared as methods, so that an operation over its own input type is assignable to one over any input.
  // The schema validates the input first.
  request?(input: I, resolved: Resolved): RequestParts
  /** `rows`: a list. `record`: one object. `file`: bytes; the answer names the media type. */
  readonly returns: 'rows' | 'record' | 'file'
  readonly paging?: Paging
  /**
   * Asks for rows by id. CAR's token for this is undocumented, so the ids of the rows are compared with those
   * asked for.
   */
  readonly byId?: {
    readonly args: (ids: readonly string[]) => Input
    /** Another way to ask for the ids that this one does not find. */
    readonly otherArgs?: (ids: readonly string[]) => Input
    /** Maximum number of ids in one call. */
    readonly maxIds: number
    /** True if a page documents the filter: an id that does not come back does not exist. */
    readonly exact?: true
  }
  /** One row (or the record) as Qualys sends it. Required fields are in every documented sample. */
  readonly record: z.ZodObject
  /**
   * Misspelled field names of Qualys, and the names that the assistant sees instead. A misspelled duplicate
   * of a correct field is dropped.
   */
  readonly fieldAliases?: ReadonlyMap<string, string>
  /** The row under the id that inputs take, if records may hold it in another field. */
  identify?(row: Input): Input
  /** The columns shown by default, as dotted paths, most important first. */
  readonly columns: readonly string[]
  /** A long text of the record: it is read in slices by line, from the line `from` on. */
  readonly slicedText?: SlicedText
  /** How the long texts that this operation shows cut are read whole: a sentence of the note. */
  readonly wholeText?: WholeText
  /** A column of long texts: of those that `match` finds, a list shows the lines that hold its words. */
  readonly matchedLines?: string
  /** Columns that no page names, shown where a row has them. `insteadOf`: only where no row has that column. */
  readonly possibleColumns?: readonly { readonly name: string; readonly insteadOf?: string }[]
  /** Columns that no page of Qualys shows; a name stands for the fields in it, too, and `*` for all columns. */
  readonly undocumentedColumns?: readonly string[]
  /** A column with few values, counted in the headline of a page. */
  readonly countBy?: string
  /** A boolean that is rarely true: counted in the headline instead of shown as a column. */
  readonly highlight?: string
  readonly rowFilters?: RowFilters
  /** The fields that those tests read. */
  readonly filterFields?: readonly string[]
  /** Inputs that this program keeps itself, row by row. */
  readonly localFilters?: Readonly<Record<string, LocalFilter<Operation>>>
  /** All rows of a list that no single request brings: `route` then says which request is most of it. */
  derive?(input: I, lists: Lists<Operation>): Promise<DerivedRows | Underived>
  /** Adds what follows from other lists, such as names of tags, before rows are matched and shown. */
  complete?(rows: readonly Input[], lists: Lists<Operation>): Promise<readonly Input[]>
  /** Columns that `complete` and local filters add, each with what a reply that shows it says of it. */
  readonly computedColumns?: Readonly<Record<string, string | undefined>>
  /** Columns from other lists by which rows can be counted. */
  readonly joinedColumns?: JoinedColumns<Operation>
  /** The list whose rows this operation counts: its tool then counts them in groups, too. */
  readonly counts?: Operation
  /** The column with the name of what an id column holds: `asset.id` to `asset.name`. */
  readonly titles?: Readonly<Record<string, string>>
  /** What replies must say of the rows that they show, one short sentence each. */
  rowNotes?(rows: readonly Input[]): readonly string[]
  /** What replies must say of all rows of the list, in one short sentence. */
  listNote?(input: Input): string | undefined
  /** What a reader must know about the rows or their words, one short sentence each: for the guide to columns. */
  readonly remarks?: readonly string[]
  /** The row as a page of a list, or the reply of an effect, shows it, if a field is too long for both. */
  abridge?(row: Input): Input
  /** Present for a record that may be longer than a reply. */
  readonly parts?: Parts
  /** False for a raw row that may change within a minute; absent if rows hardly change. */
  isStable?(record: unknown): boolean
  /** True if rows carry texts of up to a megabyte: they are fetched in small batches. */
  hasLargeRows?(input: I): boolean
  readonly retired?: readonly RetiredVersion[]
  /** Present exactly if the effect is not `read`. */
  readonly change?: Change<I>
}

/** An operation with an effect. */
export interface EffectOperation extends Operation {
  readonly change: Change
}

export function isEffect(operation: Operation): operation is EffectOperation {
  return operation.change !== undefined
}

type Holes<R extends string> = R extends `${string}{${infer Hole}}${infer Rest}` ? Hole | Holes<Rest> : never
type Filled<S extends z.ZodRawShape> = z.output<z.ZodObject<S>>

/** A read has no `change`; every other operation must have one. */
type Consequence<I> =
  | { readonly effect: 'read'; readonly change?: never }
  | { readonly effect: Exclude<Effect, 'read'>; readonly change: Change<I> }

/**
 * Declares an operation. A placeholder in the route without a text input of that name is a compile error on
 * the `input` line. The operation's functions get the input's own types.
 */
export function operation<const R extends Route, S extends z.ZodRawShape>(
  spec: Omit<Operation<Filled<S>>, 'route' | 'input' | 'effect' | 'change'> & {
    readonly route: R
    readonly input: S & Record<Holes<R>, z.ZodType<string>>
  } & Consequence<Filled<S>>,
): Operation {
  return spec
}

/** The words for a list's rows: `car_search_asset_jobs` gives "asset jobs". */
export function nounOf(name: Operation['name']): string {
  return name.split('_').slice(2).join(' ')
}
