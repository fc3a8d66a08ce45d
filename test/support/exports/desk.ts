import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { InMemoryTransport, type JSONRPCMessage, type McpServer } from '@modelcontextprotocol/server'
import { parse } from 'csv-parse/sync'
import type { Environment } from '../../../src/config/settings.ts'
import { exportList } from '../../../src/tools/exports/export.ts'
import { buildServer } from '../../../src/tools/server/server.ts'
import { type Heard, type Otherwise, type Parts, partsOf, serving } from '../assistant.ts'

type Message = Record<string, unknown>

/** What a call of the tool brought. */
export interface Told {
  readonly text: string
  readonly isError: boolean
  readonly rows: Record<string, unknown>[]
  readonly error: Readonly<Record<string, unknown>> | undefined
  readonly raw: Message
}

/** A server with the export tool and its resources, in this process. */
export interface Desk {
  readonly folder: string
  readonly export: (args: object, form?: 'text' | 'json') => Promise<Told>
  /** A call that goes on, how to cancel it, and what was told of it meanwhile. */
  readonly begin: (args: object) => { readonly told: Promise<Told>; readonly cancel: () => void }
  readonly progress: { readonly progress: number; readonly total?: number }[]
  readonly request: (method: string, params?: object) => Promise<Message>
  readonly log: string[]
  readonly close: () => Promise<void>
}

/** A folder of a test's own. */
export function newFolder(): { readonly path: string; readonly remove: () => void } {
  const path = mkdtempSync(join(tmpdir(), 'qualys-mcp-exports-'))
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) }
}

/** The server of a desk: the export tool alone, and every resource. */
export function exportServer(parts: Parts): McpServer {
  return buildServer({ ...parts.options, ...serving(exportList) })
}

/** Opens a desk that writes to `folder`. */
export async function openDesk(
  environment: Environment,
  folder: string,
  otherwise: Otherwise = {},
): Promise<Desk> {
  const parts = partsOf({ ...environment, QUALYS_EXPORT_DIR: folder }, otherwise)
  const server = exportServer(parts)
  const [ours, theirs] = InMemoryTransport.createLinkedPair()
  const waiting = new Map<number, { done: (message: Message) => void; failed: (error: Error) => void }>()
  const progress: Desk['progress'] = []
  ours.onmessage = (message: JSONRPCMessage): void => {
    const { id, method, params, result, error } = message as unknown as Record<string, Message> & {
      id?: number
      method?: string
    }
    if (String(method) === 'notifications/progress') progress.push(params as unknown as { progress: number })
    const call = waiting.get(Number(id))
    if (error) call?.failed(new Error(String(error['message'])))
    else if (result) call?.done(result)
  }
  let last = 0
  const send = (method: string, params: object) => {
    last++
    const id = last
    const answer = new Promise<Message>((done, failed) => {
      waiting.set(id, { done, failed })
      ours.send({ jsonrpc: '2.0', id, method, params: { ...params } }).catch(failed)
    })
    return { id, answer }
  }
  const asked = (args: object, form: 'text' | 'json') => ({
    name: 'qualys_export',
    arguments: args,
    _meta: { 'qualys-mcp/reply': form, progressToken: 1 },
  })
  await server.connect(theirs)
  await ours.start()
  await send('initialize', {
    protocolVersion: '2025-11-25',
    capabilities: {},
    clientInfo: { name: 'test', version: '1' },
  }).answer
  await ours.send({ jsonrpc: '2.0', method: 'notifications/initialized' })
  return {
    folder,
    progress,
    log: parts.log,
    request: (method, params = {}) => send(method, params).answer,
    export: async (args, form = 'json') => toldIn(await send('tools/call', asked(args, form)).answer),
    begin: (args) => {
      const { id, answer } = send('tools/call', asked(args, 'json'))
      const params = { requestId: id, reason: 'test' }
      return {
        told: answer.then(toldIn),
        cancel: () => void ours.send({ jsonrpc: '2.0', method: 'notifications/cancelled', params }),
      }
    },
    close: async () => {
      await server.close()
      await parts.close()
    },
  }
}

function toldIn(raw: Message): Told {
  const content = raw['content'] as { text?: string }[]
  const meta = raw['_meta'] as Message | undefined
  const structured = raw['structuredContent'] as Heard['structured'] | undefined
  return {
    text: content.flatMap(({ text }) => text ?? []).join('\n'),
    isError: raw['isError'] === true,
    rows: structured?.rows ?? [],
    error: meta?.['qualys-mcp/error'] as Told['error'],
    raw,
  }
}

/** The file that an export names, as text. */
export function fileOf({ rows }: Told): string {
  return readFileSync(String(rows[0]?.['file']), 'utf8')
}

/** CSV as a program of somebody else reads it: strict, nothing repaired. */
export function readCsv(text: string): Record<string, string>[] {
  return parse(text, {
    columns: true,
    // As lenient readers do: any line break ends a record unless it is quoted.
    record_delimiter: ['\r\n', '\n', '\r'],
    skip_empty_lines: false,
    relax_column_count: false,
    bom: false,
  })
}

/** JSON Lines. */
export function readLines(text: string): Record<string, unknown>[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line))
}

/** Names in a folder that end so. */
export function named(folder: string, ending: string): string[] {
  return readdirSync(folder).filter((name) => name.endsWith(ending))
}
