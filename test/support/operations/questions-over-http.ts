import { expect } from 'vitest'
import { testOn, unattendedSettings } from '../fixtures.ts'
import type { Fields } from './questions.ts'

/** The content of a template, as `saq_get_template` returns it. */
interface StoredTemplate {
  readonly row: Fields
  readonly sections: readonly Fields[]
  readonly scoring: readonly Fields[] | undefined
}

interface Templates {
  readonly readTemplate: (templateId: unknown) => Promise<StoredTemplate>
  /** Creates a template and returns its id. */
  readonly createTemplate: (contents: Fields) => Promise<unknown>
}

export const test = testOn(
  { jobs: 100 },
  { ...unattendedSettings, QUALYS_REPLY_CHARS: '400000' },
).extend<Templates>({
  readTemplate: async ({ assistant }, use) => {
    await use(async (templateId) => {
      const { structured, isError, text } = await assistant.call('saq_get_template', { templateId }, 'json')
      expect(isError, text).toBe(false)
      const [row = {}] = structured.rows
      return {
        row,
        sections: row['sections'] as Fields[],
        scoring: row['scoring'] as Fields[] | undefined,
      }
    })
  },
  createTemplate: async ({ sandbox, assistant }, use) => {
    await use(async (contents) => {
      const args = { name: 'Round trip', category: 'Test', ...contents }
      const { text, isError } = await assistant.call('saq_create_template', args)
      expect(isError, text).toBe(false)
      return (await sandbox.control.dump('templates')).at(-1)?.['id']
    })
  },
})
