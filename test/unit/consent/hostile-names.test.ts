import { beforeAll, describe, expect, test } from 'vitest'
import { expectSound, frameOf, hostile } from '../../support/consent/previews.ts'
import { leastInMemory, repliesSaying } from '../../support/consent/replies.ts'
import { effects, previewIn } from '../../support/effects/in-memory.ts'

// Titles, names and companies are written by others: none of them can add a line to a preview, or hide one.

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

const least = await leastInMemory()
const shown = (text: string, tool: string): Promise<string> =>
  previewIn(repliesSaying(text), tool, least[tool] ?? {})
const tools = effects.map(({ name }) => name as string)

test.each(namesNothing)('%s shows the same, whatever Qualys shows', async (tool) => {
  const texts = await Promise.all(['harmless', ...Object.values(hostile)].map((text) => shown(text, tool)))
  expect(new Set(texts).size).toBe(1)
})

describe.each(tools.filter((name) => !namesNothing.includes(name)))('%s, where Qualys shows', (tool) => {
  let harmless: string
  beforeAll(async () => {
    harmless = await shown('harmless', tool)
    expectSound(harmless)
  })

  test.each(Object.entries(hostile))('%s: the preview is ours but for its values', async (_what, text) => {
    const preview = await shown(text, tool)
    expectSound(preview)
    expect(frameOf(preview)).toBe(frameOf(harmless))
    expect(preview).not.toBe(harmless)
  })
})
