import { describe, expect, test } from 'vitest'
import { words } from '../../../src/operations/saq/fields.ts'
import { publishedTemplate } from '../../support/effects/saq/saq-objects.ts'
import { checkArguments, operationNamed } from '../../support/operations/calls.ts'
import { sessionInMemory } from '../../support/operations/memory.ts'
import { saqAnswer } from '../../support/operations/rows.ts'
import {
  allowedTexts,
  combinedTexts,
  longestText,
  nonTexts,
  refusedTexts,
  textInputs,
} from '../../support/operations/saq-texts.ts'
import { inXml } from '../../support/operations/xml-text.ts'

// Texts of SAQ: one rule about allowed texts, which every input follows.

describe('a text', () => {
  const field = words(255)
  const messages = (value: unknown): string[] =>
    (field.safeParse(value).error?.issues ?? []).map(({ message }) => message)

  test.for(Object.entries(allowedTexts))('%s: is unchanged', ([, text]) => {
    expect(field.parse(text)).toBe(text)
  })

  test.for(Object.entries({ ...refusedTexts, nothing: ['', /must not be empty/] as const }))(
    '%s: is refused',
    ([, [text, says]]) => {
      expect(messages(text).join(', ')).toMatch(says)
    },
  )

  test.for([...nonTexts, 5, true, null].map((value) => [JSON.stringify(value), value] as const))(
    '%s: is no text',
    ([, value]) => {
      expect(messages(value)).toEqual(['must be text'])
    },
  )

  test('of the maximum length is accepted, of one more is not', () => {
    expect(messages('x'.repeat(254))).toEqual([])
    expect(messages('x'.repeat(255))).toEqual([])
    expect(messages('x'.repeat(256))).toEqual(['must be at most 255 characters'])
    // A surrogate pair is one character.
    expect(messages('😀'.repeat(255))).toEqual([])
    expect(messages('😀'.repeat(256))).toEqual(['must be at most 255 characters'])
  })

  // https://www.w3.org/TR/xml/#charsets
  test('may hold each character that XML has, and none of the others', () => {
    const taken = (code: number): boolean => messages(`a${String.fromCodePoint(code)}b`).length === 0
    const isXml = (code: number): boolean =>
      [0x9, 0xa, 0xd].includes(code) || (code >= 0x20 && code <= 0xd7ff) || (code >= 0xe000 && code <= 0xfffd)
    for (let code = 0; code <= 0xffff; code++)
      if (taken(code) !== isXml(code)) expect.fail(`U+${code.toString(16)} is taken: ${taken(code)}`)
    expect(taken(0x10000) && taken(0x10ffff)).toBe(true)
  })
})

describe.for(Object.entries(textInputs))('%s', ([, { tool, args, maxLength }]) => {
  const complaintOf = async (text: unknown): Promise<string | undefined> =>
    (await checkArguments(tool, args(text as string, publishedTemplate))).complaint

  test('accepts its longest text, and no longer one', async () => {
    expect(await complaintOf('x'.repeat(maxLength))).toBeUndefined()
    expect(await complaintOf('x'.repeat(maxLength + 1))).toContain(
      `: must be at most ${maxLength.toLocaleString('en')} characters`,
    )
  })

  test('refuses what is empty, no text, or not writable', async () => {
    expect(await complaintOf(' \n')).toContain(': must not be empty')
    expect(await complaintOf('a\0b')).toContain(': must be text, not bytes')
    expect(await complaintOf('a\u001bb')).toContain(
      ': holds control characters, which XML cannot carry; leave them out',
    )
    for (const value of nonTexts) expect(await complaintOf(value)).toMatch(/: must be (text|a list)/)
  })

  test('arrives unchanged', async () => {
    const texts = [...Object.values(combinedTexts), longestText(maxLength)]
    for (const text of texts) {
      const { session, sent } = sessionInMemory(() => saqAnswer('Any', [{ id: 1 }]))
      const { value = {} } = await checkArguments(tool, args(text, publishedTemplate))
      await session.call(operationNamed(tool), value)
      expect(sent).toHaveLength(1)
      expect(sent[0]?.body).toContain(`>${inXml(text)}</`)
    }
  })
})
