import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { operations } from '../../../src/operations/index.ts'
import type { Sandbox } from '../../../src/sandbox/sandbox.ts'
import { processEnvironment } from '../../support/command-line/program.ts'
import { environmentFor } from '../../support/environment.ts'
import { openSandbox } from '../../support/sandbox.ts'
import { callOfEveryTool } from '../../support/tool-calls.ts'
import { changeRequests } from './changes.ts'
import { isObject, lineOf } from './json-rpc-line.ts'
import { envelope, type MessageSources, Messages } from './messages.ts'
import { Peer, type Secrets } from './peer.ts'
import { SeededRandom } from './seeded-random.ts'

/** The settings and the protocol era of one server. */
interface ServerKind {
  readonly mode: 'read-only' | 'confirm'
  readonly era: '2025' | '2026'
}

const serverKinds: readonly ServerKind[] = [
  { mode: 'read-only', era: '2025' },
  { mode: 'confirm', era: '2025' },
  { mode: 'read-only', era: '2026' },
  { mode: 'confirm', era: '2026' },
]

const checkInterval = 1_000
/** Far more than a server needs that keeps nothing. */
const maxMemory = 768 * 1024 * 1024
/** How much a heap may differ between two measurements. */
const memorySlack = 96 * 1024 * 1024

/** The result of a run. */
export interface Report {
  readonly sent: number
  /** How many of them were JSON-RPC by its specification. */
  readonly protocol: number
  /** How often the server was checked for still answering. */
  readonly alive: number
  readonly received: ReadonlyMap<string, number>
  /** Per server: what it was, and its memory in MiB at the start, in the middle and at the end. */
  readonly memory: readonly (readonly [life: string, ...mebibytes: number[]])[]
  readonly complaints: readonly string[]
}

const effects: ReadonlySet<unknown> = new Set(
  operations.flatMap(({ name, effect }) => (effect === 'read' ? [] : [name])),
)

const mebibytes = (bytes: number): number => Math.round(bytes / 1024 / 1024)

/** What every token of a sandbox begins with. */
async function tokenPrefix({ gatewayUrl, username, password }: Sandbox): Promise<string> {
  const body = new URLSearchParams({ username, password, token: 'true' })
  const token = await (await fetch(`${gatewayUrl}/auth`, { method: 'POST', body })).text()
  return `${token.split('.')[0]}\\.`
}

/** A request that a working server answers; returns what is wrong with the answer. */
async function findProblem(peer: Peer, turn: number, modern: boolean): Promise<string | undefined> {
  const meta = modern ? { _meta: envelope({}) } : {}
  const [method, params, holds] = [
    ['tools/list', {}, 'tools'],
    ['tools/call', { name: 'car_list_script_types', arguments: {} }, 'content'],
    modern ? ['server/discover', {}, 'capabilities'] : ['ping', {}, undefined],
  ][turn % 3] as [string, object, string | undefined]
  const answer = await peer.ask(`alive-${turn}`, method, { ...params, ...meta })
  const { result } = answer
  const isWell = isObject(result) && result['isError'] !== true && (holds === undefined || holds in result)
  return isWell ? undefined : `${method} is answered with ${JSON.stringify(answer).slice(0, 400)}`
}

/** Sends so many messages, and reports what came back. The same seed sends the same messages. */
export async function fuzz(
  messages: number,
  seed: number,
  print: (line: string) => void = () => undefined,
): Promise<Report> {
  const random = new SeededRandom(seed)
  const sandbox = await openSandbox({ jobs: 200 })
  const folder = await mkdtemp(join(tmpdir(), 'qualys-mcp-fuzz-'))
  const secret = randomBytes(12).toString('hex')
  const secrets: Secrets = {
    'a secret': new RegExp(secret),
    'the login': new RegExp(Buffer.from(`${sandbox.username}:${sandbox.password}`).toString('base64')),
    'a token': new RegExp(await tokenPrefix(sandbox)),
  }
  const everything = await callOfEveryTool(sandbox.control)
  const complaints: string[] = []
  const received = new Map<string, number>()
  const memory: [string, ...number[]][] = []
  const counts = { sent: 0, protocol: 0, alive: 0 }

  const runServer = async ({ mode, era }: ServerKind, share: number): Promise<void> => {
    const name = `${mode}, ${era}`
    const modern = era === '2026'
    const reading = everything.filter(([tool]) => mode === 'confirm' || !effects.has(tool))
    const sources: MessageSources = { calls: reading, effects, modern }
    const script = new Messages(random, sources)
    const environment = environmentFor(sandbox, {
      QUALYS_MODE: mode,
      QUALYS_UNVERIFIED: 'all',
      QUALYS_STATE_DIR: join(folder, name),
      QUALYS_MAX_WAIT_SECONDS: '0',
      // Nobody approves anything.
      QUALYS_CALL_TIMEOUT_SECONDS: '3',
      QUALYS_MAX_ASSETS_PER_RUN: '100',
      QUALYS_CONCURRENCY: '8',
      QUALYS_SECRET_FUZZ: secret,
    })
    const peer = new Peer(processEnvironment(environment), random, secrets)
    const answers: string[] = []
    const calls = new Map<string, Readonly<Record<string, unknown>>>()
    peer.onRequest = ({ id }) => answers.push(script.answerTo(id))
    peer.onResult = (id, { requestState }) => {
      const params = calls.get(id)
      if (params && typeof requestState === 'string') script.remember(params, requestState)
      calls.delete(id)
    }
    const answerQuestions = async (): Promise<void> => {
      for (const answer of answers.splice(0)) await peer.send(answer)
    }
    const speak = async (): Promise<void> => {
      const line = script.next()
      counts.sent++
      const { isProtocol, method, requestIds } = lineOf(line)
      if (isProtocol) counts.protocol++
      if (method === 'tools/call' && typeof line === 'string') {
        const { params } = JSON.parse(line.replace(/^\ufeff/, '')) as { params?: unknown }
        if (isObject(params) && effects.has(params['name']))
          for (const id of requestIds) calls.set(id, params)
      }
      await peer.send(line)
      await answerQuestions()
    }
    const marks: number[] = []
    const look = async (): Promise<void> => {
      for (const { method, path } of await changeRequests(sandbox.control))
        complaints.push(`${name}: ${method} ${path}`)
      await sandbox.control.clearRequests()
    }
    const weigh = async (): Promise<void> => {
      const bytes = await peer.memory()
      if (bytes === undefined) return
      marks.push(bytes)
      if (bytes > maxMemory) complaints.push(`${name}: ${mebibytes(bytes)} MiB of memory`)
    }
    try {
      // Messages before the handshake, too; in the modern era the first message decides the era.
      const early = Math.min(50, share)
      if (!modern) for (let count = 0; count < early; count++) await speak()
      const clientInfo = { name: 'fuzz', version: '1' }
      // After a discovery alone a handshake may still follow; after a list it may not.
      const opening = modern
        ? await peer.ask('opening', 'tools/list', { _meta: envelope({ elicitation: { form: {} } }) })
        : await peer.ask('opening', 'initialize', {
            protocolVersion: '2025-11-25',
            capabilities: { elicitation: {} },
            clientInfo,
          })
      if (!isObject(opening['result'])) complaints.push(`${name}: ${JSON.stringify(opening).slice(0, 300)}`)
      for (let count = modern ? 0 : early; count < share; count++) {
        await speak()
        if ((count + 1) % checkInterval > 0 && count + 1 < share) continue
        const ill = await findProblem(peer, counts.alive, modern)
        if (ill !== undefined) complaints.push(`${name}, after ${count + 1}: ${ill}`)
        counts.alive++
        await weigh()
        await look()
      }
      await peer.settle(answerQuestions)
      print(`${name}: ${share} messages`)
    } catch (error) {
      complaints.push(`${name}: ${error instanceof Error ? error.message : String(error)}`)
    }
    await peer.end()
    await look()
    complaints.push(...peer.complaints.map((complaint) => `${name}: ${complaint}`))
    for (const [kind, count] of peer.received) received.set(kind, (received.get(kind) ?? 0) + count)
    const [first = 0, middle = 0, last = 0] = [0, marks.length >> 1, marks.length - 1].map(
      (at) => marks[at] ?? 0,
    )
    memory.push([name, mebibytes(first), mebibytes(middle), mebibytes(last)])
    if (last > middle * 1.5 + memorySlack)
      complaints.push(
        `${name}: memory grows from ${mebibytes(middle)} to ${mebibytes(last)} MiB in the second half`,
      )
  }

  try {
    for (const [index, life] of serverKinds.entries())
      await runServer(
        life,
        Math.floor((messages * (index + 1)) / serverKinds.length) -
          Math.floor((messages * index) / serverKinds.length),
      )
  } finally {
    await sandbox.close()
    await rm(folder, { recursive: true, force: true })
  }
  return { ...counts, received, memory, complaints }
}
