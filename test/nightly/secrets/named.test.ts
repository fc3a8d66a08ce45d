import { describe, expect } from 'vitest'
import { connect, yes } from '../../support/consent/raw-client.ts'
import { spelled, spellings } from '../../support/leak-search.ts'
import {
  accept,
  filesIn,
  namedLeaks as leaks,
  namedCalls,
  sentWith,
  test,
  underEchoes,
} from '../../support/secrets/named.ts'

// Named secrets in every spelling that Qualys might answer with, and in both eras of the protocol.

const ways = [...Object.entries(spelled), ...spellings]

test.for(ways)('Qualys answers with the secret, in %s', async ([, spell], { sandbox, server, folder }) => {
  const { found, redacted } = await underEchoes(sandbox.control, server, spell)
  expect(found).toEqual([])
  expect(leaks([server.log, filesIn(folder)])).toEqual([])
  expect(redacted).toBeGreaterThan(10)
})

describe('a person of the 2025 era reads the name', () => {
  test.for(namedCalls.map((call) => [`${call.tool}, ${call.shown}`, call] as const))(
    '%s',
    async ([, call], { sandbox, settings, folder }) => {
      await accept(sandbox.control, call)
      const client = await connect(sandbox, 'legacy', { settings })
      const answer = await client.whole(call.tool, call.args, yes)
      expect(client.asked).toHaveLength(1)
      expect(String(client.asked[0]?.['message'])).toContain(call.shown)
      expect((await sentWith(sandbox.control, call.at)).found).toBe(call.wire)
      expect(leaks([client.asked, answer, filesIn(folder)])).toEqual([])
    },
  )
})
