import { expect } from 'vitest'
import { testOn, unattended } from '../fixtures.ts'
import type { Fields } from './questions.ts'

/** What a template holds, as `saq_get_template` gives it. */
interface Got {
  readonly row: Fields
  readonly sections: readonly Fields[]
  readonly scoring: readonly Fields[] | undefined
}

interface Templates {
  readonly got: (templateId: unknown) => Promise<Got>
  /** Creates a template and gives its id. */
  readonly created: (contents: Fields) => Promise<unknown>
}

export const test = testOn({ jobs: 100 }, { ...unattended, QUALYS_REPLY_CHARS: '400000' }).extend<Templates>({
  got: async ({ assistant }, use) => {
    await use(async (templateId) => {
      const { structured, isError, text } = await assistant.call('saq_get_template', { templateId }, 'json')
      expect(isError, text).toBe(false)
      const [row = {}] = structured.rows
      return {
        row,
        sections: row['elements.sections'] as Fields[],
        scoring: row['elements.scoring'] as Fields[] | undefined,
      }
    })
  },
  created: async ({ sandbox, assistant }, use) => {
    await use(async (contents) => {
      const args = { name: 'Round trip', category: 'Test', ...contents }
      const { text, isError } = await assistant.call('saq_create_template', args)
      expect(isError, text).toBe(false)
      return (await sandbox.control.truth('templates')).at(-1)?.['id']
    })
  },
})
