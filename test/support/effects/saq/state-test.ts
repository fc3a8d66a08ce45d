import { expect } from 'vitest'
import type { ToolReply } from '../../assistant.ts'
import { testOn, unattendedSettings } from '../../fixtures.ts'
import type { SandboxRequest } from '../../sandbox.ts'
import { saqCalls } from './saq-objects.ts'
import type { Answers, SaqState } from './saq-states.ts'

/** Requests that change something. */
const changing = /\/(create|update|publish|newversion|launch|cancel|delete)\/saq\//

/** What a call said, and what was requested around its effect. */
export interface Called {
  readonly reply: ToolReply
  readonly line: string
  readonly before: readonly SandboxRequest[]
  readonly after: readonly SandboxRequest[]
}

/** A test of the state that a reply says. */
export const stateTest = testOn(
  { jobs: 100 },
  { ...unattendedSettings, QUALYS_MAX_WAIT_SECONDS: '0' },
).extend<{
  /** One call with these answers of effects, and with a fault at the read after the effect. */
  run: (state: SaqState, answers: Answers, fault?: object, form?: 'json') => Promise<Called>
}>({
  run: async ({ sandbox: { control }, assistant }, use) => {
    await use(async ({ tool, reads }, answers, fault, form) => {
      const call = async (): Promise<Called> => {
        await control.knobs({ saqAnswers: answers })
        const args = (await saqCalls(control))[tool] ?? {}
        await control.clearRequests()
        const reply = await assistant.call(tool, args, form)
        const requests = await control.requests()
        const at = requests.findIndex(({ path }) => changing.test(path))
        expect(at, reply.text).toBeGreaterThanOrEqual(0)
        const line = (form ? String(reply.structured.summary) : reply.text).split('\n')[0] ?? ''
        return { reply, line, before: requests.slice(0, at), after: requests.slice(at + 1) }
      }
      if (!fault) return call()
      const route = reads[answers] ?? ''
      const [method, path = ''] = route.split(' ')
      const pattern = new RegExp(`^${path.replace(/\{\w+\}/, '[^/]+')}$`)
      const { before } = await call()
      const skip = before.filter((one) => one.method === method && pattern.test(one.path)).length
      await control.reset()
      await control.faults([{ route, skip, ...fault }])
      return call()
    })
  },
})
