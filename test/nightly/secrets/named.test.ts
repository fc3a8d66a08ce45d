import { describe, expect } from 'vitest'
import { connect, yes } from '../../support/consent/raw-client.ts'
import { commonSpellings, spellings } from '../../support/leak-search.ts'
import {
  answerWithSuccess,
  filesIn,
  namedLeaks as leaks,
  namedCalls,
  readSentEffect,
  test,
  underEchoes,
} from '../../support/secrets/named.ts'

// Named secrets in every spelling that Qualys might answer with, and in both eras of the protocol.

const spellingCases = [...Object.entries(commonSpellings), ...spellings]

test.for(spellingCases)(
  'Qualys answers with the secret, in %s',
  async ([, spell], { sandbox, server, folder }) => {
    const { found, redacted } = await underEchoes(sandbox.control, server, spell)
    expect(found).toEqual([])
    expect(leaks([server.log, filesIn(folder)])).toEqual([])
    expect(redacted).toBeGreaterThan(10)
  },
)

describe('a person of the 2025 era reads the name', () => {
  test.for(namedCalls.map((call) => [`${call.tool}, ${call.shown}`, call] as const))(
    '%s',
    async ([, call], { sandbox, settings, folder }) => {
      await answerWithSuccess(sandbox.control, call)
      const client = await connect(sandbox, 'legacy', { settings })
      const answer = await client.callAndAnswer(call.tool, call.args, yes)
      expect(client.questions).toHaveLength(1)
      expect(String(client.questions[0]?.['message'])).toContain(call.shown)
      expect((await readSentEffect(sandbox.control, call.at)).found).toBe(call.wire)
      expect(leaks([client.questions, answer, filesIn(folder)])).toEqual([])
    },
  )
})
