import { beforeAll, describe, expect, test } from 'vitest'
import { expectWellFormed, frameOf, hostileTexts } from '../../support/consent/previews.ts'
import { minimalArgumentsInMemory, repliesWithText } from '../../support/consent/replies.ts'
import { effects, previewIn } from '../../support/effects/in-memory.ts'

// Other people write titles, names and companies: none of them can add a line to a preview, or hide one.

/** Effects whose preview shows nothing that Qualys wrote. */
const namesNothing = [
  'car_create_script',
  'car_import_library_script',
  'car_delete_invalid_asset_jobs',
  'car_add_blocked_commands',
  'car_update_blocked_commands',
  'car_delete_blocked_commands',
  'car_generate_report',
  'car_delete_report',
  'saq_create_template',
  'saq_create_users',
]

const minimal = await minimalArgumentsInMemory()
const previewWith = (text: string, tool: string): Promise<string> =>
  previewIn(repliesWithText(text), tool, minimal[tool] ?? {})
const tools = effects.map(({ name }) => name as string)

test.each(namesNothing)('%s shows the same, whatever Qualys shows', async (tool) => {
  const texts = await Promise.all(
    ['harmless', ...Object.values(hostileTexts)].map((text) => previewWith(text, tool)),
  )
  expect(new Set(texts).size).toBe(1)
})

describe.each(tools.filter((name) => !namesNothing.includes(name)))('%s, where Qualys shows', (tool) => {
  let harmless: string
  beforeAll(async () => {
    harmless = await previewWith('harmless', tool)
    expectWellFormed(harmless)
  })

  test.each(Object.entries(hostileTexts))(
    '%s: the preview is ours except for its values',
    async (_what, text) => {
      const preview = await previewWith(text, tool)
      expectWellFormed(preview)
      expect(frameOf(preview)).toBe(frameOf(harmless))
      expect(preview).not.toBe(harmless)
    },
  )
})
