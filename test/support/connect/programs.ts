import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { Client } from '@modelcontextprotocol/client'
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio'
import { Client as OlderClient } from '@modelcontextprotocol/sdk/client/index.js'
import { StdioClientTransport as OlderTransport } from '@modelcontextprotocol/sdk/client/stdio.js'
import { ElicitRequestSchema, type ElicitResult } from '@modelcontextprotocol/sdk/types.js'
import type { Environment } from '../../../src/config/settings.ts'
import { processEnvironment } from '../command-line/program.ts'
import { type CallResult, clientInfo, program } from '../stdio/peers.ts'

/** The built service, started as an operator starts it. */
export interface RunningService {
  readonly url: string
  readonly port: number
  /** Ends it, and waits for that. */
  readonly stop: () => Promise<void>
}

/** Starts the service, and waits until it listens. `port` 0: any free one. */
export async function startServiceProgram(environment: Environment, port = 0): Promise<RunningService> {
  const args = [program, 'http', '--port', String(port)]
  const child: ChildProcess = spawn(process.execPath, args, {
    env: processEnvironment(environment),
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  let log = ''
  const listens = new Promise<number>((resolve, reject) => {
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      log += text
      const [, found] = /"port":(\d+)[^\n]*"msg":"started"/.exec(log) ?? []
      if (found !== undefined) resolve(Number(found))
    })
    child.once('exit', () => reject(new Error(`The service ended: ${log}`)))
  })
  const found = await listens
  return {
    url: `http://localhost:${found}/mcp`,
    port: found,
    stop: async () => {
      const ended = once(child, 'exit')
      child.kill('SIGTERM')
      await ended
    },
  }
}

/** A client of `connect`, and what its program wrote to stderr. */
export interface ConnectedPeer {
  readonly listTools: () => Promise<{ tools: { name: string }[] }>
  readonly call: (
    name: string,
    args?: Record<string, unknown>,
    options?: { signal?: AbortSignal; onprogress?: (progress: { progress: number }) => void },
  ) => Promise<CallResult>
  readonly instructions: () => string | undefined
  readonly stderr: () => string
  readonly close: () => Promise<void>
}

/** Answers the questions of the service for a person. */
export type Answer = (question: string) => ElicitResult

type Connect = (args: readonly string[], environment: Environment, answer: Answer) => Promise<ConnectedPeer>

const spawnOptions = (args: readonly string[], environment: Environment) => ({
  command: process.execPath,
  args: [program, 'connect', ...args],
  env: processEnvironment(environment),
  stderr: 'pipe' as const,
})

const capabilities = { elicitation: { form: {} } }

function stderrOf({ stderr }: { readonly stderr: unknown }): () => string {
  let text = ''
  const stream = stderr as NodeJS.ReadableStream | null
  stream?.on('data', (chunk: Buffer) => {
    text += chunk.toString()
  })
  return () => text
}

const connectCurrent: Connect = async (args, environment, answer) => {
  const client = new Client(clientInfo, { versionNegotiation: { mode: 'auto' }, capabilities })
  client.setRequestHandler('elicitation/create', ({ params }) => answer(params.message))
  const transport = new StdioClientTransport(spawnOptions(args, environment))
  const stderr = stderrOf(transport)
  await client.connect(transport)
  return {
    listTools: () => client.listTools(),
    call: async (name, given = {}, options = {}) =>
      (await client.callTool({ name, arguments: given }, options)) as CallResult,
    instructions: () => client.getInstructions(),
    stderr,
    close: () => client.close(),
  }
}

const connectOlder: Connect = async (args, environment, answer) => {
  const client = new OlderClient(clientInfo, { capabilities })
  client.setRequestHandler(ElicitRequestSchema, ({ params }) => answer(params.message))
  const transport = new OlderTransport(spawnOptions(args, environment))
  const stderr = stderrOf(transport)
  await client.connect(transport)
  return {
    listTools: () => client.listTools(),
    call: async (name, given = {}, options = {}) =>
      (await client.callTool({ name, arguments: given }, undefined, options)) as unknown as CallResult,
    instructions: () => client.getInstructions(),
    stderr,
    close: () => client.close(),
  }
}

/** Clients of both generations: each speaks the revision of its time. */
export const generations: Readonly<Record<string, Connect>> = {
  'sdk 1.x, 2025': connectOlder,
  'client 2.x, 2026': connectCurrent,
}
