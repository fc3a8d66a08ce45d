import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { minimalArgumentsOn } from '../../../support/operations/minimal-arguments.ts'
import { servedOperations } from '../../../support/operations/served-routes.ts'
import {
  openRecordedSession,
  type RecordedSession,
  startsElement,
} from '../../../support/records/session-records.ts'
import { expectSameValue } from '../../../support/xml/parse.ts'

// Every answer of SAQ in XML, parsed while it comes, gives what parsing it as a whole gave. Any document:
// test/unit/properties/xml-read.test.ts.

let recorded: RecordedSession
let least: Readonly<Record<string, object>>
beforeAll(async () => {
  recorded = await openRecordedSession(1)
  least = await minimalArgumentsOn(recorded.sandbox.control)
})
beforeEach(() => recorded.sandbox.control.reset())
afterAll(() => recorded.close())

const operations = servedOperations.filter(({ name }) => name.startsWith('saq_'))
const lists = operations.filter(({ returns }) => returns === 'rows')
const others = operations.filter(({ returns }) => returns !== 'rows')

/** Bytes in pieces of about the size in which the network brings them. */
function* piecesOf(bytes: Buffer, size: number): Generator<Buffer, void> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}

/** Checks the answers in XML that came; returns their number. */
async function expectSameAnswers(): Promise<number> {
  const answers = recorded.takeAnswers().filter(({ bytes }) => startsElement(bytes))
  for (const { bytes } of answers) {
    await expectSameValue([bytes])
    await expectSameValue([...piecesOf(bytes, 16_381)])
  }
  return answers.length
}

const shapes: readonly (readonly [string, object])[] = [
  ['as the sandbox starts', {}],
  [
    'in its other shapes',
    {
      ...{ tagLists: 'wrapped', templateFields: 'weights', hasMoreRecords: 'whenMore', lastId: false },
      ...{ campaignRecipients: 'names', questionnaireCampaign: 'id' },
    },
  ],
]

describe.each(shapes)('%s', (_shape, knobs) => {
  test.each(lists)('$name: all pages', async (operation) => {
    await recorded.sandbox.control.knobs(knobs)
    let rows = 0
    for await (const page of recorded.session.walk(operation, {})) {
      rows += page.rows.length
      expect(await expectSameAnswers()).toBe(1)
    }
    expect(rows).toBeGreaterThan(20)
  })

  test.each(others)('$name: its answer', async (operation) => {
    await recorded.sandbox.control.knobs(knobs)
    await recorded.session.call(operation, z.object(operation.input).parse(least[operation.name] ?? {}))
    // The version comes in JSON.
    expect(await expectSameAnswers()).toBe(operation.format === 'json' ? 0 : 1)
  })
})

test.each(others.filter(({ route }) => route.includes('{')))('$name: its refusal', async (operation) => {
  const ids = Object.keys(operation.input).filter((name) => operation.route.includes(`{${name}}`))
  const args = { ...least[operation.name], ...Object.fromEntries(ids.map((name) => [name, '999999999'])) }
  const call = recorded.session.call(operation, z.object(operation.input).parse(args))
  await expect(call).rejects.toThrow('OBJECT_NOT_FOUND')
  expect(await expectSameAnswers()).toBe(1)
})
