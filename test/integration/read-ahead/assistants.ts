import type { Environment } from '../../../src/config/settings.ts'
import { type Assistant, openAssistantOn } from '../../support/assistant.ts'
import { testOn } from '../../support/fixtures.ts'

export interface Fixtures {
  /** Connects one more assistant to the same sandbox. */
  readonly another: (extra?: Environment) => Promise<Assistant>
  /** Tokens of the first pages, each with the rows it leads to. */
  readonly openLists: (tool: string, args: object, count: number) => Promise<(string | undefined)[]>
}

/** A list of 600 runs, and assistants that page through it. */
export const test = testOn({ jobs: 600 }, { QUALYS_MAX_WAIT_SECONDS: '0' }).extend<Fixtures>({
  another: async ({ sandbox }, use) => {
    const open: Assistant[] = []
    await use(async (extra = {}) => {
      const one = await openAssistantOn(sandbox, extra)
      open.push(one)
      return one
    })
    await Promise.all(open.map((one) => one.close()))
  },
  openLists: ({ assistant }, use) =>
    use(async (tool, args, count) => {
      const tokens: (string | undefined)[] = [undefined]
      for (let page = 0; page < count; page++) {
        const continuationToken = tokens[page]
        const { structured } = await assistant.call(tool, { ...args, continuationToken }, 'json')
        tokens.push(structured.continuationToken)
      }
      return tokens
    }),
})
