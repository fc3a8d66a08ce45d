import { describe, expect } from 'vitest'
import { execute, run } from '../../support/consent/calls.ts'
import { consentTest } from '../../support/consent/fixtures.ts'
import { wholeOf } from '../../support/consent/pending-resource.ts'
import { expectWellFormed, frameOf, hostileTexts, inOneLine } from '../../support/consent/previews.ts'
import { type Alterations, alteredPlatform } from '../../support/effects/altered-platform.ts'

// Other people write titles and names of CAR: every hostile text in every place that a preview shows, through the
// whole stack.

type Json = Readonly<Record<string, unknown>>
const settings = { QUALYS_UNVERIFIED: 'all' }

/** The same text everywhere that a preview could show it. */
function renamed(text: string): Alterations {
  const facts = (row: Json): Json => {
    const named = Object.fromEntries(
      ['title', 'name', 'platform', 'severity', 'status', 'startTime']
        .filter((field) => field in row)
        .map((field) => [field, text]),
    )
    return { ...row, ...named }
  }
  return {
    answer: (path, answer) => {
      const body = answer['body'] as Json | undefined
      if (!/\/(scripts|assets|assettags|scheduler)\//.test(path) || typeof body !== 'object') return undefined
      const list = body['list'] as readonly Json[] | undefined
      return { ...answer, body: list ? { ...body, list: list.map(facts) } : facts(body) }
    },
  }
}

const calls: readonly (readonly [tool: string, args: object])[] = [
  [execute, run],
  ['car_unblock_tags', { tagIds: [7512800, 7512801] }],
  ['car_clone_script', { scriptId: 19218, title: 'Copy' }],
  ['car_deactivate_schedule', { scheduleId: '1038b1b4-9fe3-44c2-af68-04c76d2c7ba6' }],
  ['car_update_script', { scriptId: 27695, content: 'echo 1', comment: 'simpler' }],
]

describe.each(Object.entries(hostileTexts))('%s', (_what, text) => {
  const test = consentTest.extend<{
    previewOf: (tool: string, args: object, shown?: string) => Promise<string>
  }>({
    previewOf: async ({ sandbox, connect }, use) => {
      await use(async (tool, args, shown) => {
        const platform = shown === undefined ? sandbox : await alteredPlatform(sandbox, renamed(shown))
        const client = await connect('modern', { settings }, platform)
        const { preview, text } = await client.call(tool, args)
        if (preview === undefined) throw new Error(text)
        expectWellFormed(preview)
        const whole = await wholeOf(client, preview)
        expectWellFormed(whole)
        return whole
      })
    },
  })

  test.for(calls)(
    'in names, %s: the preview is ours except for its values',
    async ([tool, args], { previewOf }) => {
      const harmless = await previewOf(tool, args, 'harmless')
      const preview = await previewOf(tool, args, text)
      expect(inOneLine(frameOf(preview))).toBe(inOneLine(frameOf(harmless)))
      expect(preview).not.toBe(harmless)
    },
  )

  test('in an argument', async ({ previewOf }) => {
    const preview = await previewOf(execute, { ...run, description: text })
    const harmless = await previewOf(execute, { ...run, description: 'harmless' })
    if (text.length <= 80) expect(inOneLine(frameOf(preview))).toBe(inOneLine(frameOf(harmless)))
    else expect(preview).toContain('\ndescription (1 value):\n')
  })

  test('in a client of the 2025 era', async ({ sandbox, connect, effects }) => {
    const client = await connect('legacy', {}, await alteredPlatform(sandbox, renamed(text)))
    await client.callAndAnswer(execute, { ...run, description: text }, { action: 'decline' })
    expectWellFormed(String(client.questions[0]?.['message']))
    expect(await effects()).toEqual([])
  })
})
