import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Operation } from '../../../../src/operations/operation.ts'
import { searchCampaigns } from '../../../../src/operations/saq/campaigns.ts'
import { searchQuestionnaires } from '../../../../src/operations/saq/questionnaires.ts'
import { Body } from '../../../../src/session/http/response.ts'
import { saq } from '../../../../src/session/products/saq.ts'
import { writeXml } from '../../../../src/session/products/xml.ts'
import { XmlBody } from '../../../../src/session/products/xml-body.ts'
import { EarlyRow } from '../../../../src/session/records/early-row.ts'
import { earlyReader, readRecords } from '../../../../src/session/records/record.ts'
import { checkAsyncProperty } from '../../../support/properties/property.ts'
import { outcome, recordReads } from '../../../support/records/compared-readers.ts'
import { batchesOf } from '../../../support/records/generated-rows.ts'
import { piecesOf } from '../../../support/xml/parse.ts'

// Rows in XML that are read while they are parsed: all of an answer or none, and the same rows in the end.

/** The operation with a record that no answer was read with. */
const fresh = (operation: Operation): Operation => ({ ...operation, record: operation.record.extend({}) })

const answerOf = (rows: readonly unknown[]): Buffer =>
  Buffer.from(writeXml({ ServiceResponse: { responseCode: 'SUCCESS', data: { Row: rows } } }))

/** The rows of an answer as the session gets them. */
async function rowsIn(operation: Operation, pieces: readonly Buffer[], isEarly: boolean) {
  const body = new XmlBody(isEarly ? earlyReader(operation) : undefined)
  for (const piece of pieces) await body.write(piece)
  const value = await body.end(new Body(pieces))
  return saq.unwrap({ status: 200, text: '', value }, operation).rows ?? []
}

/** All that a reading gives, as text: it shows the order of names, and takes a member "constructor" for a member. */
function textOf(operation: Operation, rows: readonly unknown[]): string {
  const read = outcome((drift) => readRecords(operation, rows, drift))
  return 'error' in read ? String(read.error) : JSON.stringify(read)
}

const isEarlyRow = (row: unknown): boolean => row instanceof EarlyRow

const lists = recordReads.filter(
  ({ name, returns, rowFilters }) => name.startsWith('saq_') && returns === 'rows' && !rowFilters,
)

describe('early or late, the rows are the same', () => {
  test.each(lists)('$name', async (list) => {
    const places = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 3 })
    await checkAsyncProperty(fc.tuple(batchesOf(list), places), 60, async ([raws, cuts]) => {
      const operation = fresh(list)
      const pieces = piecesOf(answerOf(raws.filter((raw) => typeof raw === 'object' && raw !== null)), cuts)
      const [some, others] = [await rowsIn(operation, pieces, true), await rowsIn(operation, pieces, false)]
      expect([0, some.length]).toContain(some.filter(isEarlyRow).length)
      expect(others.filter(isEarlyRow)).toEqual([])
      expect(textOf(operation, some)).toBe(textOf(operation, others))
    })
  })
})

describe('a row that is not as documented', () => {
  const usual = { id: '1', title: 'one', state: 'REVIEW' }
  const odd = { title: 'without an id' }

  test.each([0, 1, 2])('is read late with all others, also those before it: at %d', async (at) => {
    const rows = [0, 1, 2].map((place) => (place === at ? odd : usual))
    const bytes = answerOf(rows)
    for (const place of [0, 0.5, 0.9, 0.99]) {
      const operation = fresh(searchQuestionnaires)
      expect(await rowsIn(operation, piecesOf(bytes, [place]), true)).toEqual(rows)
      // From then on no answer is parsed twice.
      expect(earlyReader(operation)).toBeUndefined()
    }
  })

  test('may have a long list', async () => {
    const operation = fresh(searchCampaigns)
    const recipients = Array.from({ length: 900 }, (_, at) => ({
      id: String(at),
      firstName: 'a',
      lastName: 'b',
    }))
    const rows = await rowsIn(
      operation,
      [answerOf([{ id: '1', recipients: { Recipient: recipients } }])],
      true,
    )
    expect(rows.map(isEarlyRow)).toEqual([true])
  })

  test('with more fields than any row has is read late', async () => {
    const fields = Object.fromEntries(Array.from({ length: 2_100 }, (_, at) => [`f${at}`, 'x']))
    const rows = await rowsIn(fresh(searchQuestionnaires), [answerOf([{ ...usual, ...fields }])], true)
    expect(rows).toEqual([{ ...usual, ...fields }])
  })

  test('as long as there is none, all are read early', async () => {
    const operation = fresh(searchQuestionnaires)
    const rows = await rowsIn(operation, [answerOf([usual, usual])], true)
    expect(rows).toEqual([new EarlyRow(usual), new EarlyRow(usual)])
    expect(earlyReader(operation)).toBeDefined()
  })
})
