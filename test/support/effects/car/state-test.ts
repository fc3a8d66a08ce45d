import type { ToolReply } from '../../assistant.ts'
import { openAssistant } from '../../assistant.ts'
import { environmentFor } from '../../environment.ts'
import { testOn, unattendedSettings } from '../../fixtures.ts'
import type { Control, SandboxRequest } from '../../sandbox.ts'
import { alteredPlatform } from '../altered-platform.ts'
import { effectNamed } from '../in-memory.ts'
import { requestOf } from '../unattended.ts'
import { type Args, carStates, type EffectState, stateCalls } from './car-states.ts'

/** What a call said, and what was requested since its effect was sent. */
export interface Called {
  readonly reply: ToolReply
  readonly line: string
  /** `METHOD /path`, the effect first. */
  readonly after: readonly string[]
}

/** One call whose reply has not been waited for. */
export interface Started {
  readonly called: Promise<Called>
  readonly requested: () => Promise<readonly string[]>
}

type StartCall = (state: EffectState, faultsAfter?: readonly object[]) => Promise<Started>

const routeOf = ({ method, path }: SandboxRequest): string => `${method} ${path}`

/** The same for each test: the sandbox starts with the same data. */
let calls: Promise<Readonly<Record<string, Args>>> | undefined

/** The arguments that Qualys takes for an effect, on a sandbox as at its start. */
export async function argumentsOf(tool: string, control: Control): Promise<Args> {
  calls ??= stateCalls(control)
  return (await calls)[tool] ?? {}
}

/** A test of the state that a reply says. */
export const stateTest = testOn({ jobs: 300, assets: 60 }).extend<{
  /** Starts a call, in the form for programs; the faults begin when its effect arrives. `$ID`: the id that it names. */
  start: StartCall
  run: (...call: Parameters<StartCall>) => Promise<Called>
}>({
  start: async ({ sandbox }, use) => {
    const { control } = sandbox
    const opened: { close: () => Promise<void> }[] = []
    await use(async ({ tool }, faultsAfter = []) => {
      const args = await argumentsOf(tool, control)
      const request = requestOf(effectNamed(tool), args)
      const id = Object.values(args).find((value) => typeof value === 'string') ?? ''
      const faults = JSON.parse(JSON.stringify(faultsAfter).replaceAll('$ID', String(id))) as object[]
      const platform = await alteredPlatform(sandbox, {
        arrived: async (arrived) => {
          if (arrived.split('?')[0] !== request) return
          await control.clearRequests()
          await control.faults(faults)
        },
      })
      const assistant = await openAssistant(
        environmentFor(platform, { ...unattendedSettings, QUALYS_MAX_WAIT_SECONDS: '0' }),
      )
      opened.push(assistant)
      const requested = async () =>
        (await control.requests()).map(routeOf).filter((route) => !route.includes(' /auth'))
      const called = async (): Promise<Called> => {
        const reply = await assistant.call(tool, args, 'json')
        return { reply, line: reply.text.split('\n')[0] ?? '', after: await requested() }
      }
      return { called: called(), requested }
    })
    await Promise.all(opened.map((one) => one.close()))
  },
  run: async ({ start }, use) => {
    await use(async (...call) => (await start(...call)).called)
  },
})

/** The effects after which something is read. */
export const statesRead = carStates.filter(({ read }) => read !== undefined)

/** What may go wrong with a read. */
export const readFailures: readonly (readonly [what: string, fault: object])[] = [
  ['500', { kind: 'status', status: 500 }],
  ['403', { kind: 'reply', status: 403, body: { errorCode: '403', message: 'No', body: null } }],
  ['404', { kind: 'status', status: 404 }],
  ['a reset', { kind: 'reset' }],
  ['no body', { kind: 'empty', status: 200 }],
  ['a page', { kind: 'html', status: 200 }],
  ['half of it', { kind: 'truncate' }],
  ['a list that is none', { kind: 'reply', body: { body: { totalCount: 3, list: 'none' } } }],
]

/** What a reply says where the read after the effect failed. */
export const notRead = /could not be read|may not be read by this user \(403\)|cannot be read|is not known/
/** What no reply says then. */
export const falseState = /\b0 sets|no longer shows|not active|undefined|null/
