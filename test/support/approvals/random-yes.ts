import { setTimeout } from 'node:timers/promises'
import { expect } from 'vitest'
import {
  approveCall,
  declineCall,
  findCall,
} from '../../../src/tools/effects/approval/pending/pending-calls.ts'
import { SeededRandom } from '../../nightly/fuzz/seeded-random.ts'
import { connect, temporaryFolder } from '../consent/raw-client.ts'
import { effectRequests, type TestSandbox } from '../sandbox.ts'
import { openTestService } from '../service/service.ts'

// A person may say yes at any moment: while a call waits, when it just stopped waiting, or when its client gave up. The
// seconds of design 12 are hundredths here: a call waits 350 ms, is sent within 450 ms, and its client gives up at 600.

const callTimes = { waitMs: 350, sendMs: 450 }
const giveUpMs = 600
const callsOfEach = 125
/** Less than the calls of one caller that may wait. */
const atOnce = 8

/** What an assistant got. */
interface Told {
  readonly text: string
  readonly isError: boolean
}

/** A client of one revision over one transport. */
interface Caller {
  readonly stateDir: string
  /** Resolves with undefined if the client gave up. */
  readonly call: (title: string, signal?: AbortSignal) => Promise<Told | undefined>
}

const settings = { QUALYS_APPROVE_BY: 'page,terminal', QUALYS_CONCURRENCY: '16' }
const clone = (title: string) => ['car_clone_script', { scriptId: '61179', title }] as const

/** Resolves when the client gives up. */
const given = (signal: AbortSignal | undefined): Promise<undefined> =>
  new Promise((resolve) => signal?.addEventListener('abort', () => resolve(undefined)))

async function overStdio(sandbox: TestSandbox, era: 'legacy' | 'modern'): Promise<Caller> {
  const stateDir = temporaryFolder()
  const own = { ...settings, QUALYS_STATE_DIR: stateDir }
  const client = await connect(sandbox, era, { settings: own, capabilities: {}, callTimes })
  return {
    stateDir,
    call: (title, signal) => {
      const [name, args] = clone(title)
      const { id, answer } = client.begin('tools/call', { name, arguments: args })
      signal?.addEventListener('abort', () => {
        void client.send({ method: 'notifications/cancelled', params: { requestId: id } })
      })
      return Promise.race([answer, given(signal)])
    },
  }
}

async function overHttp(sandbox: TestSandbox, revision: '2025-11-25' | '2026-07-28'): Promise<Caller> {
  const service = await openTestService(sandbox, { settings, callTimes })
  const client = service.client('ada', { revision })
  return {
    stateDir: service.folder,
    call: async (title, signal) => {
      const answer = client.call(...clone(title), {}, signal ? { signal } : {})
      return signal ? Promise.race([answer.catch(() => undefined), given(signal)]) : answer
    },
  }
}

const callers = {
  'stdio, 2025': (sandbox: TestSandbox) => overStdio(sandbox, 'legacy'),
  'stdio, 2026': (sandbox: TestSandbox) => overStdio(sandbox, 'modern'),
  'HTTP, 2025': (sandbox: TestSandbox) => overHttp(sandbox, '2025-11-25'),
  'HTTP, 2026': (sandbox: TestSandbox) => overHttp(sandbox, '2026-07-28'),
} as const

const codeIn = (text: string): string => /\b([2-9A-Z]{4}-[2-9A-Z]{4})\b/.exec(text)?.[1] ?? ''
const isSent = ({ isError }: Told): boolean => !isError

/** What became of one call: what its client heard while it waited, and what the next identical call heard. */
interface Story {
  readonly title: string
  readonly isApproved: boolean
  readonly first: Told | undefined
  readonly next: Told | undefined
}

/** Asks, waits with an identical call, says yes at a random moment, and makes the call once more. */
async function tell(caller: Caller, title: string, yesAfterMs: number): Promise<Story> {
  const { stateDir } = caller
  const asked = await caller.call(title)
  const call = findCall(stateDir, codeIn(asked?.text ?? ''))
  if (!call) throw new Error(`no code: ${asked?.text}`)
  const ending = new AbortController()
  const giveUp = setTimeout(giveUpMs).then(() => ending.abort())
  const waiting = caller.call(title, ending.signal)
  await setTimeout(yesAfterMs)
  const approval = { way: 'terminal', by: 'terminal', at: Date.now() } as const
  const isApproved = approveCall(stateDir, call.digest, approval)
  await giveUp
  const first = await waiting
  const next = await callInTime(caller, title)
  // Asked anew, it would wait for ever, and only ten may.
  const asksAgain = findCall(stateDir, codeIn(next?.text ?? ''))
  if (asksAgain) declineCall(stateDir, asksAgain.digest, { way: 'terminal' })
  return { title, isApproved, first, next }
}

/** The call once more; on a busy machine it can be too late itself, which is told. */
async function callInTime(caller: Caller, title: string): Promise<Told | undefined> {
  for (let left = 50; ; left--) {
    const told = await caller.call(title)
    if (left === 0 || !/not ready within/.test(told?.text ?? '')) return told
    await setTimeout(100)
  }
}

/**
 * Says yes at random moments to 125 calls of each caller: each call is sent once, with the waiting call or with
 * the next identical one, and whoever stayed was told.
 */
export async function expectEachSentOnce(sandbox: TestSandbox): Promise<void> {
  const random = new SeededRandom(23)
  const work = async (caller: Caller, titles: string[]): Promise<Story[]> => {
    const stories: Story[] = []
    for (let title = titles.pop(); title !== undefined; title = titles.pop())
      stories.push(await tell(caller, title, random.below(giveUpMs + 100)))
    return stories
  }
  const all = await Promise.all(
    Object.entries(callers).map(async ([name, open]) => {
      const caller = await open(sandbox)
      const titles = Array.from({ length: callsOfEach }, (_, at) => `${name}, ${at}`)
      return (await Promise.all(Array.from({ length: atOnce }, () => work(caller, titles)))).flat()
    }),
  )
  const bodies = (await effectRequests(sandbox.control)).map(({ body }) => body)
  for (const { title, isApproved, first, next } of all.flat()) {
    const sent = bodies.filter((body) => body.includes(`"${title}"`)).length
    expect(isApproved, title).toBe(true)
    expect(sent, title).toBe(1)
    if (first && isSent(first)) expect(next && isSent(next), title).toBe(false)
    else if (first) expect(first.text, title).toMatch(/nothing was sent/i)
  }
  for (const stories of all) {
    expect(stories).toHaveLength(callsOfEach)
    const inTime = stories.filter(({ first }) => first && isSent(first)).length
    expect(inTime).toBeGreaterThan(0)
    expect(inTime).toBeLessThan(callsOfEach)
  }
}
