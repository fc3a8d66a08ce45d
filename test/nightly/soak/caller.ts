import { Client } from '@modelcontextprotocol/client'
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio'
import { program } from '../../support/stdio/peers.ts'
import type { FaultSchedule } from './fault-schedule.ts'
import type { Row } from './sandbox-process.ts'

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

/** What was counted so far. */
export interface Tally {
  calls: number
  ok: number
  cancelled: number
  readonly errors: Map<string, number>
  readonly wrong: string[]
}

const maxCallMs = 300_000

/** The built server in a process of its own, called through the client that others use. */
export class Caller {
  readonly #client: Client
  readonly #transport: StdioClientTransport
  readonly #schedule: FaultSchedule
  readonly tally: Tally = { calls: 0, ok: 0, cancelled: 0, errors: new Map(), wrong: [] }

  constructor(env: Readonly<Record<string, string>>, mode: 'auto' | 'legacy', schedule: FaultSchedule) {
    this.#schedule = schedule
    this.#client = new Client({ name: 'soak', version: '1' }, { versionNegotiation: { mode } })
    const command = { command: process.execPath, args: [program], env: { ...env }, stderr: 'pipe' as const }
    this.#transport = new StdioClientTransport(command)
    this.#transport.stderr?.on('data', (text: Buffer) => {
      for (const line of String(text).split('\n'))
        if (/"unexpected"|unhandled|Warning:/i.test(line)) this.wrong(`stderr: ${line.slice(0, 400)}`)
    })
  }

  /** Connects; returns the process id once the server has answered, before it contacts Qualys. */
  async open(): Promise<number> {
    await this.#client.connect(this.#transport)
    await this.#client.listTools()
    return this.#transport.pid ?? 0
  }

  close(): Promise<void> {
    return this.#client.close()
  }

  wrong(what: string): void {
    this.tally.wrong.push(what)
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
