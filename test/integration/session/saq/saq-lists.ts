import type { Environment } from '../../../../src/config/settings.ts'
import type { Session } from '../../../../src/session/session.ts'
import { type Assistant, openAssistantOn } from '../../../support/assistant.ts'
import { testOn } from '../../../support/fixtures.ts'
import type { TestSandbox } from '../../../support/sandbox.ts'
import { sessionOn } from '../../../support/session.ts'
import { sandboxIdsOf } from '../walk.ts'

// Lists of SAQ, by offset and by id.

export type IdsOf = ReturnType<typeof sandboxIdsOf>

export interface SaqLists {
  readonly sandboxIds: IdsOf
  /** An assistant with its own settings. */
  readonly open: (extra?: Environment) => Promise<Assistant>
  readonly openSession: (extra?: Environment) => Session
}

export const test = testOn({ jobs: 100 }).extend<SaqLists>({
  sandboxIds: ({ sandbox }, use) => use(sandboxIdsOf(sandbox.control)),
  open: async ({ sandbox }, use) => {
    const opened: Assistant[] = []
    await use(async (extra = {}) => {
      const assistant = await openAssistantOn(sandbox, extra)
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

/** The request bodies that the sandbox received, in order. */
export const bodies = async ({ control }: TestSandbox): Promise<string[]> =>
  (await control.requests()).map(({ body }) => body)

export const pagings = ['offset', 'id'] as const
export const by = (way: (typeof pagings)[number]): Environment => ({ QUALYS_SAQ_PAGING: way })
export const questionnaires = 'saq_search_questionnaires'
