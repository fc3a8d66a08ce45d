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
  readonly callTool: (params: { name: string; arguments?: object; _meta?: object }) => Promise<ToolAnswer>
  readonly listTools: () => Promise<{ readonly tools: readonly (Described & { readonly icons?: unknown })[] }>
  readonly getInstructions: () => string | undefined
  readonly getServerVersion: () => Readonly<Record<string, unknown>> | undefined
  readonly getServerCapabilities: () => Readonly<Record<string, unknown>> | undefined
  readonly close: () => Promise<void>
}

/** The answer of a tool. */
export interface ToolAnswer {
  readonly isError?: boolean
  readonly content: readonly Readonly<Record<string, unknown>>[]
  readonly _meta?: Readonly<Record<string, unknown>>
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

async function connectCurrent(
  environment: Environment,
  mode: 'legacy' | 'auto',
  name: string,
): Promise<Reader> {
  const client = new Client({ ...clientInfo, name }, { versionNegotiation: { mode } })
  await client.connect(new StdioClientTransport(spawnOptions(environment)))
  return client as unknown as Reader
}

async function connectOlder(environment: Environment, name = clientInfo.name): Promise<Reader> {
  const client = new OlderClient({ ...clientInfo, name })
  await client.connect(new OlderTransport(spawnOptions(environment)))
  return client as unknown as Reader
}

/** Both generations of clients, and both eras of the protocol; the name is the one that the client sends. */
export const readers: Readonly<Record<string, (environment: Environment, name?: string) => Promise<Reader>>> =
  {
    'client 2.x, 2025 era': (environment, name = clientInfo.name) =>
      connectCurrent(environment, 'legacy', name),
    'client 2.x, 2026 era': (environment, name = clientInfo.name) =>
      connectCurrent(environment, 'auto', name),
    'sdk 1.x': connectOlder,
  }
