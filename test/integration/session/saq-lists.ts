import type { Environment } from '../../../src/config/settings.ts'
import type { Session } from '../../../src/session/session.ts'
import { type Assistant, assistantOn } from '../../support/assistant.ts'
import { testOn } from '../../support/fixtures.ts'
import type { TestSandbox } from '../../support/sandbox.ts'
import { sessionOn } from '../../support/session.ts'
import { truthOf } from './walk.ts'

// Lists of SAQ, by offset and by id.

export type Truths = ReturnType<typeof truthOf>

export interface SaqLists {
  readonly truth: Truths
  /** An assistant with settings of its own. */
  readonly open: (extra?: Environment) => Promise<Assistant>
  readonly openSession: (extra?: Environment) => Session
}

export const test = testOn({ jobs: 100 }).extend<SaqLists>({
  truth: ({ sandbox }, use) => use(truthOf(sandbox.control)),
  open: async ({ sandbox }, use) => {
    const opened: Assistant[] = []
    await use(async (extra = {}) => {
      const assistant = await assistantOn(sandbox, extra)
      opened.push(assistant)
      return assistant
    })
    await Promise.all(opened.map((assistant) => assistant.close()))
  },
  openSession: async ({ sandbox }, use) => {
    const opened: Session[] = []
    await use((extra = {}) => {
      const session = sessionOn(sandbox, extra)
      opened.push(session)
      return session
    })
    await Promise.all(opened.map((session) => session.close()))
  },
})

/** The bodies that the sandbox saw, in their order. */
export const bodies = async ({ control }: TestSandbox): Promise<string[]> =>
  (await control.requests()).map(({ body }) => body)

export const ways = ['offset', 'id'] as const
export const by = (way: (typeof ways)[number]): Environment => ({ QUALYS_SAQ_PAGING: way })
export const questionnaires = 'saq_search_questionnaires'
