import { findCall } from '../../../src/tools/effects/approval/pending/pending-calls.ts'
import type { CallState } from '../../../src/tools/effects/approval/pending/stored-call.ts'
import { clone, cloneOf, codeIn, type Told } from '../forged/attacks.ts'
import type { TestSandbox } from '../sandbox.ts'
import type { Revision } from '../service/client.ts'
import { openTestService } from '../service/service.ts'
import { browserOf, callOf, decide, pageSettings, people } from '../service-page/page.ts'
import { decideWithKey } from './local-person.ts'
import { longWait, openLocalServer } from './local-server.ts'

// Calls that wait for a person, of each revision over each transport, and what their person does.

/** A call that waits. */
export interface WaitingCall {
  /** What it ends with; undefined if its client gave up. */
  readonly ended: Promise<Told | undefined>
  /** Everything that arrived while it waited. */
  readonly news: () => string
  /** Its client gives up. */
  readonly cancel: () => void
}

/** A client, and the page of its server. */
export interface WaitingClient {
  readonly stateDir: string
  /** Makes a call, which is refused with a code, since nobody waited for it before. */
  readonly ask: (title: string) => Promise<string>
  /** Makes the identical call, which waits. */
  readonly wait: (title: string) => WaitingCall
  readonly call: (title: string) => Promise<Told>
  readonly decide: (code: string, decision?: 'approve' | 'decline') => Promise<{ readonly status: number }>
  readonly stateOf: (code: string) => CallState | undefined
  readonly events: () => readonly {
    readonly event: string
    readonly facts: Readonly<Record<string, unknown>>
  }[]
  /** The program is told to end. */
  readonly tellEnd: () => void
}

async function overStdio(sandbox: TestSandbox, era: 'legacy' | 'modern'): Promise<WaitingClient> {
  const server = await openLocalServer(sandbox, era, { capabilities: {}, callTimes: longWait })
  const { client, stateDir } = server
  const call = (title: string): Promise<Told> => client.call(clone, cloneOf(title))
  return {
    stateDir,
    call,
    ask: async (title) => codeIn(await call(title)),
    wait: (title) => {
      const _meta = { progressToken: title }
      const { id, answer } = client.begin('tools/call', { name: clone, arguments: cloneOf(title), _meta })
      const given = new AbortController()
      const gone = new Promise<undefined>((resolve) => {
        given.signal.addEventListener('abort', () => resolve(undefined))
      })
      return {
        ended: Promise.race([answer, gone]),
        news: () => JSON.stringify(client.received),
        cancel: () => {
          void client.send({ method: 'notifications/cancelled', params: { requestId: id } })
          given.abort()
        },
      }
    },
    decide: (code, decision = 'approve') => decideWithKey(server, code, decision),
    stateOf: (code) => findCall(stateDir, code)?.state,
    events: server.audit,
    tellEnd: server.tellEnd,
  }
}

async function overHttp(sandbox: TestSandbox, revision: Revision): Promise<WaitingClient> {
  const service = await openTestService(sandbox, {
    callers: people,
    settings: pageSettings,
    callTimes: longWait,
  })
  const client = service.client('ada', { revision })
  if (!client.isModern) await client.initialize()
  const eve = await browserOf(service, 'eve')
  const call = (title: string): Promise<Told> => client.call(clone, cloneOf(title))
  return {
    stateDir: service.folder,
    call,
    ask: async (title) => codeIn(await call(title)),
    wait: (title) => {
      let news = ''
      const stop = new AbortController()
      const params = { name: clone, arguments: cloneOf(title), _meta: { progressToken: title } }
      const answer = client.post(client.messageOf('tools/call', params), {
        signal: stop.signal,
        onData: (text) => {
          news = text
        },
      })
      return { ended: answer.catch(() => undefined), news: () => news, cancel: () => stop.abort() }
    },
    decide: (code, decision = 'approve') => decide(eve, code, decision),
    stateOf: (code) => callOf(service, code).state,
    events: service.audit as WaitingClient['events'],
    tellEnd: service.tellEnd,
  }
}

/** A client of each revision over each transport, with a server of its own. */
export const waitingClients: Readonly<Record<string, (sandbox: TestSandbox) => Promise<WaitingClient>>> = {
  'stdio, 2025': (sandbox) => overStdio(sandbox, 'legacy'),
  'stdio, 2026': (sandbox) => overStdio(sandbox, 'modern'),
  'HTTP, 2025': (sandbox) => overHttp(sandbox, '2025-11-25'),
  'HTTP, 2026': (sandbox) => overHttp(sandbox, '2026-07-28'),
}
