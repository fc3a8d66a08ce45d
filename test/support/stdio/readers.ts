import { Client } from '@modelcontextprotocol/client'
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio'
import { Client as OlderClient } from '@modelcontextprotocol/sdk/client/index.js'
import { StdioClientTransport as OlderTransport } from '@modelcontextprotocol/sdk/client/stdio.js'
import { clientInfo, spawnOptions } from './peers.ts'

/** How every generation of clients reads resources and prompts, under common names. */
export interface Reader {
  readonly listResources: () => Promise<{ readonly resources: readonly Described[] }>
  readonly listResourceTemplates: () => Promise<{
    readonly resourceTemplates: readonly (Described & { readonly uriTemplate: string })[]
  }>
  readonly readResource: (params: { uri: string }) => Promise<Contents>
  readonly listPrompts: () => Promise<{ readonly prompts: readonly Described[] }>
  readonly getPrompt: (params: { name: string; arguments?: Record<string, string> }) => Promise<{
    readonly messages: readonly { readonly role: string; readonly content: { readonly text?: string } }[]
  }>
  readonly callTool: (params: { name: string; arguments?: object }) => Promise<ToolAnswer>
  readonly listTools: () => Promise<{ readonly tools: readonly (Described & { readonly icons?: unknown })[] }>
  readonly getInstructions: () => string | undefined
  readonly getServerVersion: () => Readonly<Record<string, unknown>> | undefined
  readonly close: () => Promise<void>
}

/** The answer of a tool. */
export interface ToolAnswer {
  readonly isError?: boolean
  readonly content: readonly Readonly<Record<string, unknown>>[]
}

interface Described {
  readonly name: string
  readonly title?: string | undefined
  readonly description?: string | undefined
  readonly uri?: string
  readonly mimeType?: string | undefined
  readonly annotations?: unknown
}

/** What was read, and how long it may be cached, if the protocol says so. */
export interface Contents {
  readonly contents: readonly { readonly uri: string; readonly text?: string; readonly mimeType?: string }[]
  readonly ttlMs?: unknown
  readonly cacheScope?: unknown
}

type Environment = Readonly<Record<string, string | undefined>>

async function connectCurrent(environment: Environment, mode: 'legacy' | 'auto'): Promise<Reader> {
  const client = new Client(clientInfo, { versionNegotiation: { mode } })
  await client.connect(new StdioClientTransport(spawnOptions(environment)))
  return client as unknown as Reader
}

async function connectOlder(environment: Environment): Promise<Reader> {
  const client = new OlderClient(clientInfo)
  await client.connect(new OlderTransport(spawnOptions(environment)))
  return client as unknown as Reader
}

/** Both generations of clients, and both eras of the protocol. */
export const readers: Readonly<Record<string, (environment: Environment) => Promise<Reader>>> = {
  'client 2.x, 2025 era': (environment) => connectCurrent(environment, 'legacy'),
  'client 2.x, 2026 era': (environment) => connectCurrent(environment, 'auto'),
  'sdk 1.x': connectOlder,
}
