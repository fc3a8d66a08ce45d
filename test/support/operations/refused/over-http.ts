import { expect } from 'vitest'
import { testOn, unattendedSettings } from '../../fixtures.ts'
import { effectRequests } from '../../sandbox.ts'

/**
 * Expects that a call is refused in one line that says what is allowed or what to do, and that nothing was changed.
 */
type ExpectRefused = (tool: string, args: object, says: RegExp) => Promise<void>

/** No person is asked, and no number of hosts is too large. */
export const test = testOn(
  { jobs: 100 },
  {
    ...unattendedSettings,
    QUALYS_MAX_ASSETS_PER_RUN: '100000',
    QUALYS_SECRET_DB_PASSWORD: 'not the password',
  },
).extend<{ readonly expectRefused: ExpectRefused }>({
  expectRefused: async ({ sandbox, assistant }, use) => {
    await use(async (tool, args, says) => {
      const { text, isError, error } = await assistant.call(tool, args)
      expect(text).toMatch(says)
      expect(isError).toBe(true)
      expect(text).toMatch(/^[^\n]{30,900}$/)
      expect(text).not.toMatch(/undefined|\[object|null/)
      // A refusal of a wrong shape comes from the protocol library and has no kind.
      if (!text.startsWith(`Input validation error: Invalid arguments for tool ${tool}: `))
        expect(error).toMatchObject({ kind: 'input', next: expect.stringMatching(/.{5,}\.$/) })
      const changes = (await effectRequests(sandbox.control)).filter(
        ({ path }) => !/\/search\/saq\//.test(path),
      )
      expect(changes).toEqual([])
    })
  },
})
