import type { Operation } from '../../operation.ts'
import type { Failure } from '../../reads/lists.ts'
import type { Reads } from '../../reads/local-filter.ts'
import { counted, inSentence } from '../../sentences.ts'
import { CircuitBreaker } from './circuit-breaker.ts'
import { codeIn, contentsIn, decodedCode } from './exported-code.ts'

type Row = Readonly<Record<string, unknown>>

/** The operations that show code: of several scripts in a file, and of one. */
export interface CodeSources {
  readonly exports: Operation
  readonly record: Operation
}

/** Scripts in one export. */
export const batchSize = 25
const maxExports = 20
/** Scripts that are read one by one in a call. */
export const maxSingles = 50

/** A script from a repository may have no code of its own, so it says nothing about the others. */
const originFields = ['githubInputUrl', 'gitHubFilePath', 'gitLabDetails', 'sourceUrl']

const isFromRepository = (row: Row): boolean =>
  row['importedScriptFromGitLab'] === true ||
  originFields.some((name) => row[name] !== undefined && row[name] !== null && row[name] !== '')

/** A media type in a sentence. */
function typeIn(mediaType: unknown): string {
  const [type = ''] = String(mediaType).split(';')
  return /^[\w.+-]{1,60}\/[\w.+-]{1,60}$/.test(type) ? type : inSentence(type)
}

const idOf = ({ id }: Row): string => String(id)

/** The call has read as much as it may, or Qualys asks it to wait. */
const stop = Symbol('stop')
const smaller = Symbol('smaller')

/** Reads the code of scripts for one call: in exports, else script by script. Holds one export at a time. */
export class CodeReader {
  readonly #sources: CodeSources
  readonly #reads: Reads<Operation>
  readonly #batches = new CircuitBreaker(1, 2)
  readonly #records = new CircuitBreaker(5, Infinity)
  /** Exports of one script, where Qualys takes no list of ids. */
  readonly #exports = new CircuitBreaker(1, 2)
  #exportsOne = false
  #size = batchSize
  #readCount = 0
  #hasEvidence = false
  #hasCode = false
  #pause: string | undefined
  singles = 0
  /** Scripts that were not read, since the call had read as many as it may. */
  unread = 0

  constructor(sources: CodeSources, reads: Reads<Operation>) {
    this.#sources = sources
    this.#reads = reads
  }

  /** Why no code is shown, once scripts that must have some were looked at and none showed it. */
  get problem(): string | undefined {
    if (this.#hasCode || !this.#hasEvidence) return undefined
    const { record } = this.#sources
    const tried = `${counted(this.singles, 'script')} ${this.singles === 1 ? 'was' : 'were'} tried`
    return `${this.batchProblem}, and ${record.name} ${this.#records.problem} (${tried})`
  }

  get isOneByOne(): boolean {
    return this.#batches.isOpen
  }

  get batchProblem(): string {
    return `${this.#sources.exports.name} ${this.#batches.problem}`
  }

  /** Why the call ends early, if Qualys asks for that. */
  get pause(): string | undefined {
    return this.#pause
  }

  /**
   * What `use` makes of the code of each row; undefined for a row that does not show it. The last rows may be left out
   * if `mayStop`.
   */
  async read<T>(
    rows: readonly Row[],
    mayStop: boolean,
    use: (code: string, row: Row) => Promise<T>,
  ): Promise<(T | undefined)[]> {
    const results: (T | undefined)[] = []
    while (results.length < rows.length) {
      const batch = rows.slice(results.length, results.length + this.#size)
      const contents = await this.#readBatch(batch, mayStop)
      if (contents === smaller) continue
      if (contents === stop) return results
      for (const row of batch) {
        const content = contents.get(idOf(row))
        const code =
          codeIn(row['content']) ??
          (content === undefined ? undefined : decodedCode(content)) ??
          (await this.#readSingle(row, mayStop))
        if (code === stop) return results
        this.#hasCode ||= code !== undefined
        this.#hasEvidence ||= !isFromRepository(row)
        this.#readCount++
        results.push(code === undefined ? undefined : await use(code, row))
      }
    }
    return results
  }

  /** The contents of an export, by id. */
  async #readBatch(
    batch: readonly Row[],
    mayStop: boolean,
  ): Promise<ReadonlyMap<string, string> | typeof stop | typeof smaller> {
    const requested = batch.filter((row) => codeIn(row['content']) === undefined)
    if (this.#batches.isOpen || requested.length === 0) return new Map()
    if (mayStop && this.#batches.requests === maxExports) return stop
    const contents = await this.#export(requested, this.#batches, mayStop)
    if (contents === smaller) this.#size = Math.ceil(batch.length / 2)
    else this.#size = Math.min(batchSize, this.#size * 2)
    if (this.#batches.isOpen) this.#exportsOne = this.#batches.hasFailed && requested.length > 1
    return contents
  }

  async #export(
    rows: readonly Row[],
    breaker: CircuitBreaker,
    mayStop: boolean,
  ): Promise<ReadonlyMap<string, string> | typeof stop | typeof smaller> {
    const { exports } = this.#sources
    const ids = rows.map(idOf)
    breaker.requests++
    const file = await this.#reads.attempt(
      () => this.#reads.read(exports, { ids }),
      (failure) =>
        failure.kind === 'tooLarge' && rows.length > 1 ? smaller : this.#failed(breaker, failure, mayStop),
    )
    if (file === undefined) return new Map()
    if (typeof file === 'symbol') return file
    const { bytes, mediaType } = file
    const json = Buffer.isBuffer(bytes) ? await this.#reads.json(bytes) : undefined
    const contents = contentsIn(json, ids)
    if ([...contents.values()].some((content) => codeIn(content) !== undefined)) breaker.hit()
    else if (json === undefined) breaker.miss(`answers ${typeIn(mediaType)} and no JSON`)
    else if (!rows.every(isFromRepository)) breaker.miss('answers JSON without content')
    return contents
  }

  /** The code of one script. */
  async #readSingle(row: Row, mayStop: boolean): Promise<string | typeof stop | undefined> {
    if (this.#records.isOpen && !this.#mayExportOne) return undefined
    if (this.singles === maxSingles) {
      if (mayStop) return stop
      this.unread++
      return undefined
    }
    this.singles++
    const code = this.#records.isOpen ? undefined : await this.#readRecord(row, mayStop)
    return code ?? (this.#mayExportOne ? this.#exportOne(row, mayStop) : undefined)
  }

  async #readRecord(row: Row, mayStop: boolean): Promise<string | typeof stop | undefined> {
    const { record } = this.#sources
    const shown = await this.#reads.attempt(
      () => this.#reads.read(record, { scriptId: idOf(row) }),
      (failure) => this.#failed(this.#records, failure, mayStop),
    )
    if (shown === undefined || shown === stop) return shown
    const code = codeIn('content' in shown ? shown['content'] : undefined)
    if (code !== undefined) this.#records.hit()
    else if (!isFromRepository(row)) this.#records.miss('shows no content')
    return code
  }

  get #mayExportOne(): boolean {
    return this.#exportsOne && !this.#exports.isOpen
  }

  async #exportOne(row: Row, mayStop: boolean): Promise<string | typeof stop | undefined> {
    const contents = await this.#export([row], this.#exports, mayStop)
    if (typeof contents === 'symbol') return contents === stop ? stop : undefined
    const content = contents.get(idOf(row))
    return content === undefined ? undefined : decodedCode(content)
  }

  /** Notes a failure. Where Qualys asks to wait, the rows up to here are an answer, if there are some. */
  #failed(breaker: CircuitBreaker, failure: Failure, mayStop: boolean): typeof stop | undefined {
    // Other requests cannot succeed either.
    if (failure.kind === 'login') throw failure.error
    if (failure.kind !== 'busy') {
      breaker.fail(failure)
      return undefined
    }
    if (!mayStop || this.#readCount === 0) throw failure.error
    this.#pause = failure.error.message
    return stop
  }
}
