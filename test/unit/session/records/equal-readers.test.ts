import { describe, it } from 'vitest'
import { checkProperty } from '../../../support/properties/property.ts'
import { expectEqualReaders, recordReads } from '../../../support/records/compared-readers.ts'
import { batchesOf } from '../../../support/records/generated-rows.ts'

describe('readers of records give what the reference reader gives', () => {
  it.each(recordReads)('$name: generated rows with drift', (operation) => {
    checkProperty(batchesOf(operation), 5, (raws) => expectEqualReaders(operation, raws))
  })
})
