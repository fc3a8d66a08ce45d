import { expect } from 'vitest'
import { campaign, changesAt, draftOf, expectOneSentence, lastOf, rowOf, somebody } from '../effects/saq.ts'
import { testOn, unattended } from '../fixtures.ts'
import { at, type TextInput } from './saq-texts.ts'

interface Expectations {
  /** The text goes out in one request, and the sandbox keeps it as it is. */
  readonly expectKept: (input: TextInput, text: string) => Promise<void>
  /** It is refused in one sentence before anything is sent. */
  readonly expectRefused: (input: TextInput, text: unknown, says: RegExp) => Promise<void>
  /** A company or a tag of this name finds whoever has it, and nobody else. */
  readonly expectFound: (input: 'recipientCompany' | 'recipientTag', part: string) => Promise<void>
}

export const test = testOn({ jobs: 100 }, unattended).extend<Expectations>({
  expectKept: async ({ sandbox: { control }, assistant }, use) => {
    await use(async ({ tool, args, kept }, text) => {
      const draft = await draftOf(control)
      const { text: said, isError } = await assistant.call(tool, args(text, draft))
      expect(isError, said).toBe(false)
      expect(await changesAt(control)).toHaveLength(1)
      expect(await kept(control, draft)).toBe(text)
    })
  },
  expectRefused: async ({ sandbox: { control }, assistant }, use) => {
    await use(async ({ tool, args }, text, says) => {
      const { text: said, isError } = await assistant.call(tool, args(text as string, await draftOf(control)))
      expect(said).toMatch(says)
      expectOneSentence(said)
      expect({ isError, sent: await changesAt(control) }).toEqual({ isError: true, sent: [] })
    })
  },
  expectFound: async ({ sandbox: { control }, assistant }, use) => {
    await use(async (input, part) => {
      const text = `${input} ${part}`
      const users = [
        somebody({ company: text, tags: [text] }),
        somebody({ company: `${text}.`, tags: [`${text}.`] }),
      ]
      await assistant.call('saq_create_users', { users })
      const { recipientIds: _, ...rest } = campaign('Found')
      const { text: said, isError } = await assistant.call('saq_create_campaign', { ...rest, [input]: text })
      expect(isError, said).toBe(false)
      const found = at(await lastOf(control, 'campaigns'), 'recipientIds') as number[]
      expect(found).toHaveLength(1)
      expect(at(await rowOf(control, 'users', String(found[0])), 'company')).toBe(text)
    })
  },
})
