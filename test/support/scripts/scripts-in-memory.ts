import type { Environment } from '../../../src/config/settings.ts'
import { searchScripts } from '../../../src/operations/car/scripts.ts'
import type { Answer, SentRequest } from '../operations/memory.ts'
import { callerOn, type ToolCaller, type ToolOutcome, toolFor } from '../workflows/memory.ts'

// Any scripts, listed, exported and shown one by one as a test likes.

/** A script as Qualys stores it. What is no text is not in its record. */
export interface StoredScript {
  readonly id: string | number
  readonly title?: string
  readonly content?: unknown
  readonly [field: string]: unknown
}

export const encoded = (code: string | Buffer): string => Buffer.from(code).toString('base64')

/** Scripts with this code, with the ids from 1 on. */
export const scriptsOf = (...codes: readonly (string | Buffer)[]): StoredScript[] =>
  codes.map((code, at) => ({ id: at + 1, title: `Script ${at + 1}`, content: encoded(code) }))

/** How the scripts are answered, where it is not as the sandbox does. */
export interface Upstream {
  readonly scripts: readonly StoredScript[]
  /** The answer to an export; thrown if it is an error. */
  readonly export?: (scripts: readonly StoredScript[], ids: readonly string[]) => Answer | Error
  readonly record?: (script: StoredScript | undefined) => Answer | Error
}

const json = (body: unknown): Answer => ({ body: JSON.stringify(body) })
const notFound: Answer = { status: 404, body: { errorCode: '404', message: 'no such script', body: null } }

function thrown(answer: Answer | Error): Answer {
  if (answer instanceof Error) throw answer
  return answer
}

/** Calls of car_search_scripts on such an upstream, and what it was asked for. */
export class CodeSearch {
  readonly #caller: ToolCaller
  /** The ids of each export. */
  readonly exports: string[][] = []
  /** The ids of single scripts. */
  readonly records: string[] = []
  upstream: Upstream = { scripts: [] }

  constructor(environment?: Environment) {
    this.#caller = callerOn((sent) => this.#answer(sent), environment)
  }

  get progress(): ToolCaller['progress'] {
    return this.#caller.progress
  }

  serve(upstream: Upstream): void {
    this.upstream = upstream
    this.exports.length = 0
    this.records.length = 0
    this.progress.length = 0
  }

  readonly call = (args: object, form: 'text' | 'json' = 'json'): Promise<ToolOutcome> =>
    this.#caller.call(toolFor(searchScripts), args, form)

  readonly run = (args: object, signal: AbortSignal): Promise<unknown> =>
    this.#caller.run(toolFor(searchScripts), args, signal)

  #answer({ path, query, body }: SentRequest): Answer {
    const { scripts, export: exported, record } = this.upstream
    if (path === '/sm/v1/scripts/search') {
      const { pageSize, pageNumber } = JSON.parse(body)
      const start = Number(pageNumber) * Number(pageSize)
      const list = scripts.slice(start, start + Number(pageSize)).map(({ content: _, ...row }) => row)
      return json({ body: { totalCount: scripts.length, list } })
    }
    if (path === '/sm/v1/scripts/export') {
      const ids = (query['ids'] ?? '').split(',')
      this.exports.push(ids)
      const wanted = scripts.filter(({ id }) => ids.includes(String(id)))
      return thrown(exported?.(wanted, ids) ?? json(wanted))
    }
    const id = path.slice(path.lastIndexOf('/') + 1)
    this.records.push(id)
    const script = scripts.find((one) => String(one.id) === id)
    return thrown(record?.(script) ?? (script ? json({ body: script }) : notFound))
  }
}

/** The ids and lines of an answer. */
export const linesIn = ({ structured }: ToolOutcome): [string, unknown][] =>
  structured.rows.map(({ id, line }) => [String(id), line])
