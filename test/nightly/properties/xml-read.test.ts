import fc from 'fast-check'
import { test } from 'vitest'
import { checkAsyncProperty } from '../../support/properties/property.ts'
import { documentBytes } from '../../support/xml/documents.ts'
import { expectSameValue, piecesOf } from '../../support/xml/parse.ts'

// XML that is parsed while it comes gives what parsing it as a whole gave, for ten thousand documents.

test('any document, in any pieces, and each small one cut at every byte', async () => {
  const places = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 6 })
  await checkAsyncProperty(fc.tuple(documentBytes, places), 10_000, async ([bytes, cuts]) => {
    await expectSameValue(piecesOf(bytes, cuts))
    if (bytes.length > 60) return
    for (let at = 1; at < bytes.length; at++)
      await expectSameValue([bytes.subarray(0, at), bytes.subarray(at)])
  })
})
