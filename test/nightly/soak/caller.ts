import type { Client } from '@modelcontextprotocol/client'
import type { FaultSchedule } from './fault-schedule.ts'
import type { Row } from './sandbox-process.ts'
import type { Tally } from './tally.ts'

/** One answer: rows, an error of a kind, or nothing, because the client gave up. */
export type Answer =
  | { readonly is: 'rows'; readonly rows: readonly Row[]; readonly total?: number; readonly token?: string }
  | { readonly is: 'error'; readonly kind: string; readonly text: string }
  | { readonly is: 'cancelled' }

interface Structured {
  readonly rows?: readonly Row[]
  readonly total?: number
  readonly continuationToken?: string
}

const maxCallMs = 300_000

/** A client that is connected to the built server, and compares what comes with what may come. */
export class Caller {
  readonly #client: Client
  readonly #schedule: FaultSchedule
  readonly tally: Tally

  constructor(client: Client, schedule: FaultSchedule, tally: Tally) {
    this.#client = client
    this.#schedule = schedule
    this.tally = tally
  }

  wrong(what: string): void {
    this.tally.wrong.push(what)
  }

  /** The text of a resource. */
  async read(uri: string): Promise<string> {
    const { contents } = await this.#client.readResource({ uri }, { timeout: maxCallMs })
    return contents.map((part) => ('text' in part ? part.text : '')).join('')
  }

  /** One call; an error that no active fault explains is a wrong answer. */
  async call(tool: string, args: object, isEffect: boolean, signal?: AbortSignal): Promise<Answer> {
    const { tally } = this
    tally.calls++
    const from = performance.now()
    const params = { name: tool, arguments: { ...args }, _meta: { 'qualys-mcp/reply': 'json' } }
    try {
      const result = await this.#client.callTool(params, { timeout: maxCallMs, ...(signal && { signal }) })
      const { isError, content, structuredContent, _meta } = result as {
        isError?: boolean
        content: readonly { text?: string }[]
        structuredContent?: Structured
        _meta?: Row
      }
      if (isError !== true) {
        tally.ok++
        const { rows = [], total, continuationToken: token } = structuredContent ?? {}
        return {
          is: 'rows',
          rows,
          ...(total !== undefined && { total }),
          ...(token !== undefined && { token }),
        }
      }
      const text = content.map((part) => part.text ?? '').join(' ')
      const kind = String((_meta?.['qualys-mcp/error'] as Row | undefined)?.['kind'] ?? 'none')
      tally.errors.set(kind, (tally.errors.get(kind) ?? 0) + 1)
      const failure = { tool, isEffect, kind, text, from, until: performance.now() }
      if (!this.#schedule.explains(failure)) {
        const asked = `${tool} ${JSON.stringify(args).slice(0, 200)}`
        this.wrong(
          `${asked}: ${kind}, which nothing explains: ${text.slice(0, 300)} (${this.#schedule.around(failure)})`,
        )
      }
      return { is: 'error', kind, text }
    } catch (error) {
      if (signal?.aborted) {
        tally.cancelled++
        return { is: 'cancelled' }
      }
      this.wrong(`${tool}: ${error instanceof Error ? error.message : String(error)}`)
      return { is: 'error', kind: 'protocol', text: '' }
    }
  }
}
