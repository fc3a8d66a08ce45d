import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { InMemoryTransport, type JSONRPCMessage, type Server } from '@modelcontextprotocol/server'
import { parse } from 'csv-parse/sync'
import type { Environment } from '../../../src/config/settings.ts'
import { exportList } from '../../../src/tools/exports/export.ts'
import { serverFactory } from '../../../src/tools/server/server.ts'
import {
  buildServerParts,
  optionsForTools,
  type ServerOverrides,
  type ServerParts,
  type ToolReply,
} from '../assistant.ts'

type Message = Record<string, unknown>

/** The reply of the export tool. */
export interface ExportReply {
  readonly text: string
  readonly isError: boolean
  readonly rows: Record<string, unknown>[]
  readonly error: Readonly<Record<string, unknown>> | undefined
  readonly raw: Message
}

/** A server with the export tool and its resources, in this process. */
export interface Exporter {
  readonly folder: string
  readonly export: (args: object, form?: 'text' | 'json') => Promise<ExportReply>
  /** Starts a call: its reply, and how to cancel it. Its progress appears in `progress`. */
  readonly begin: (args: object) => { readonly reply: Promise<ExportReply>; readonly cancel: () => void }
  readonly progress: { readonly progress: number; readonly total?: number }[]
  readonly request: (method: string, params?: object) => Promise<Message>
  readonly log: string[]
  readonly close: () => Promise<void>
}

/** A folder for one test. */
export function createFolder(): { readonly path: string; readonly remove: () => void } {
  const path = mkdtempSync(join(tmpdir(), 'qualys-mcp-exports-'))
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) }
}

/** A server with the export tool alone, and every resource. */
export function exportServer(parts: ServerParts): Server {
  return serverFactory({ ...parts.options, ...optionsForTools(exportList) })()
}

/** Opens an exporter that writes to `folder`. */
export async function openExporter(
  environment: Environment,
  folder: string,
  overrides: ServerOverrides = {},
): Promise<Exporter> {
  const parts = buildServerParts({ ...environment, QUALYS_EXPORT_DIR: folder }, overrides)
  const server = exportServer(parts)
  const [ours, theirs] = InMemoryTransport.createLinkedPair()
  const waiting = new Map<number, { done: (message: Message) => void; failed: (error: Error) => void }>()
  const progress: Exporter['progress'] = []
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
  const callParams = (args: object, form: 'text' | 'json') => ({
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
    export: async (args, form = 'json') =>
      readExportReply(await send('tools/call', callParams(args, form)).answer),
    begin: (args) => {
      const { id, answer } = send('tools/call', callParams(args, 'json'))
      const params = { requestId: id, reason: 'test' }
      return {
        reply: answer.then(readExportReply),
        cancel: () => void ours.send({ jsonrpc: '2.0', method: 'notifications/cancelled', params }),
      }
    },
    close: async () => {
      await server.close()
      await parts.close()
    },
  }
}

function readExportReply(raw: Message): ExportReply {
  const content = raw['content'] as { text?: string }[]
  const meta = raw['_meta'] as Message | undefined
  const structured = raw['structuredContent'] as ToolReply['structured'] | undefined
  return {
    text: content.flatMap(({ text }) => text ?? []).join('\n'),
    isError: raw['isError'] === true,
    rows: structured?.rows ?? [],
    error: meta?.['qualys-mcp/error'] as ExportReply['error'],
    raw,
  }
}

/** The file that an export names, as text. */
export function readExportFile({ rows }: ExportReply): string {
  return readFileSync(String(rows[0]?.['file']), 'utf8')
}

/** CSV as another program reads it: strictly, without repairs. */
export function readCsv(text: string): Record<string, string>[] {
  return parse(text, {
    columns: true,
    // As lenient readers do: any line break outside quotes ends a record.
    record_delimiter: ['\r\n', '\n', '\r'],
    skip_empty_lines: false,
    relax_column_count: false,
    bom: false,
  })
}

/** JSON Lines. */
export function readJsonLines(text: string): Record<string, unknown>[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line))
}

/** Names in a folder with this ending. */
export function filesEndingWith(folder: string, ending: string): string[] {
  return readdirSync(folder).filter((name) => name.endsWith(ending))
}
