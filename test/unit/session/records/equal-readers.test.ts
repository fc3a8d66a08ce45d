import { describe, expect, it } from 'vitest'
import { checkProperty } from '../../../support/properties/property.ts'
import { expectEqualReaders, recordReads } from '../../../support/records/compared-readers.ts'
import { batchesOf } from '../../../support/records/generated-rows.ts'
import { sampleRecords } from '../../../support/records/samples.ts'

describe('readers of records give what the reference reader gives', () => {
  it.each(recordReads)('$name: generated rows with drift', (operation) => {
    checkProperty(batchesOf(operation), 5, (raws) => expectEqualReaders(operation, raws))
  })

  // Whole answers, as a session reads them: test/integration/session/records and test/nightly/session.
  it.each(sampleRecords())('$file: records as Qualys prints them', ({ operation, raws }) => {
    expect(raws.length).toBeGreaterThan(0)
    expectEqualReaders(operation, raws)
    // Another operation takes them for records with much drift.
    for (const other of recordReads) expectEqualReaders(other, raws)
  })
})
