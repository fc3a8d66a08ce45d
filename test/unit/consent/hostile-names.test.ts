import { beforeAll, describe, expect, test } from 'vitest'
import type { EffectOperation } from '../../../src/operations/operation.ts'
import { expectWellFormed, frameOf, hostileTexts, inOneLine } from '../../support/consent/previews.ts'
import { minimalArgumentsInMemory, repliesWithText } from '../../support/consent/replies.ts'
import { effects, previewIn } from '../../support/effects/in-memory.ts'

// Other people write titles, names and companies: none of them can add a line to a preview, or hide one.

const minimal = await minimalArgumentsInMemory()
const previewWith = (text: string, tool: string): Promise<string> =>
  previewIn(repliesWithText(text), tool, minimal[tool] ?? {})

/** True if the preview shows nothing that Qualys wrote: the targets name no object. */
function namesNothing({ name, change }: EffectOperation): boolean {
  const { product: _, ...targets } = change.targets({ ...minimal[name] })
  const harmless = ['bulkSize', 'questions', 'newAddresses', 'newCommands', 'guardrails', 'scriptTypes']
  return Object.keys(targets).every((target) => harmless.includes(target))
}
const toolsWhere = (isWanted: (effect: EffectOperation) => boolean): string[] =>
  effects.filter(isWanted).map(({ name }) => name)

test.each(toolsWhere(namesNothing))('%s shows the same, whatever Qualys shows', async (tool) => {
  const texts = await Promise.all(
    ['harmless', ...Object.values(hostileTexts)].map((text) => previewWith(text, tool)),
  )
  expect(new Set(texts).size).toBe(1)
})

describe.each(toolsWhere((effect) => !namesNothing(effect)))('%s, where Qualys shows', (tool) => {
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
      expect(inOneLine(frameOf(preview))).toBe(inOneLine(frameOf(harmless)))
      expect(preview).not.toBe(harmless)
    },
  )
})
