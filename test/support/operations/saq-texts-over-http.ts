import { expect } from 'vitest'
import {
  campaign,
  draftTemplateId,
  expectOneSentence,
  lastRow,
  newUser,
  rowOf,
  saqChangeRequests,
} from '../effects/saq/saq-objects.ts'
import { testOn, unattendedSettings } from '../fixtures.ts'
import { at, type TextInput } from './saq-texts.ts'

interface Expectations {
  /** Expects that the text is sent in one request, and that the sandbox stores it unchanged. */
  readonly expectKept: (input: TextInput, text: string) => Promise<void>
  /** Expects a refusal in one sentence before anything is sent. */
  readonly expectRefused: (input: TextInput, text: unknown, says: RegExp) => Promise<void>
  /** Expects that a company or a tag of this name finds exactly the users who have it. */
  readonly expectFound: (input: 'recipientCompany' | 'recipientTag', part: string) => Promise<void>
}

export const test = testOn({ jobs: 100 }, unattendedSettings).extend<Expectations>({
  expectKept: async ({ sandbox: { control }, assistant }, use) => {
    await use(async ({ tool, args, readStored }, text) => {
      const draft = await draftTemplateId(control)
      const { text: said, isError } = await assistant.call(tool, args(text, draft))
      expect(isError, said).toBe(false)
      expect(await saqChangeRequests(control)).toHaveLength(1)
      expect(await readStored(control, draft)).toBe(text)
    })
  },
  expectRefused: async ({ sandbox: { control }, assistant }, use) => {
    await use(async ({ tool, args }, text, says) => {
      const { text: said, isError } = await assistant.call(
        tool,
        args(text as string, await draftTemplateId(control)),
      )
      expect(said).toMatch(says)
      expectOneSentence(said)
      expect({ isError, sent: await saqChangeRequests(control) }).toEqual({ isError: true, sent: [] })
    })
  },
  expectFound: async ({ sandbox: { control }, assistant }, use) => {
    await use(async (input, part) => {
      const text = `${input} ${part}`
      const users = [
        newUser({ company: text, tags: [text] }),
        newUser({ company: `${text}.`, tags: [`${text}.`] }),
      ]
      await assistant.call('saq_create_users', { users })
      const { recipientIds: _, ...rest } = campaign('Found')
      const { text: said, isError } = await assistant.call('saq_create_campaign', { ...rest, [input]: text })
      expect(isError, said).toBe(false)
      const found = at(await lastRow(control, 'campaigns'), 'recipientIds') as number[]
      expect(found).toHaveLength(1)
      expect(at(await rowOf(control, 'users', String(found[0])), 'company')).toBe(text)
    })
  },
})
