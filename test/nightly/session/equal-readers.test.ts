import { describe, it } from 'vitest'
import { checkProperty } from '../../support/properties/property.ts'
import { expectEqualReaders, recordReads } from '../../support/records/compared-readers.ts'
import { batchesOf } from '../../support/records/generated-rows.ts'

// More batches of test/unit/session/records/equal-readers.test.ts: 24 reads, 60 batches of 15 rows on average.

describe('readers of records give what the reference reader gives', () => {
  it.each(recordReads)('$name: generated rows with drift', (operation) => {
    checkProperty(batchesOf(operation), 60, (raws) => expectEqualReaders(operation, raws))
  })
})
