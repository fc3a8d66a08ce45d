import type { Environment } from '../../../src/config/settings.ts'
import { readToolReply, type ToolReply } from '../assistant.ts'
import { environmentFor } from '../environment.ts'
import type { TestSandbox } from '../sandbox.ts'
import { RawServer } from '../stdio/raw-server.ts'

/** The built server in a process with a small heap: a call that needs more of it ends the process. */
export interface SmallServer {
  /** The reply in the form for programs. An error of the tool is one of the test. */
  readonly call: (tool: string, args?: object) => Promise<ToolReply['structured']>
  readonly close: () => Promise<void>
}

export async function openSmallServer(
  sandbox: TestSandbox,
  maxHeapMiB: number,
  extra: Environment = {},
): Promise<SmallServer> {
  const server = await new RawServer({
    ...environmentFor(sandbox, extra),
    NODE_OPTIONS: `--max-old-space-size=${maxHeapMiB}`,
  }).initialize()
  return {
    call: async (tool, args = {}) => {
      const { result } = await server.call(tool, args, { 'qualys-mcp/reply': 'json' })
      const { structured, isError, text } = readToolReply({ ...result })
      if (isError) throw new Error(text)
      return structured
    },
    close: async () => {
      const { code, err } = await server.finish()
      if (code !== 0) throw new Error(`the server ended with ${code}: ${err}`)
    },
  }
}

/** The rows of a list, page by page, with the notes of its pages and their number. */
export async function allPages({ call }: SmallServer, tool: string, args: object, maxPages = 1_000) {
  const rows: ToolReply['structured']['rows'] = []
  const notes: string[] = []
  let pages = 0
  let continuationToken: string | undefined
  do {
    const page = await call(tool, { ...args, ...(continuationToken && { continuationToken }) })
    rows.push(...page.rows)
    if (page.note !== undefined) notes.push(page.note)
    continuationToken = page.continuationToken
    pages++
  } while (continuationToken !== undefined && pages < maxPages)
  return { rows, notes, pages }
}
