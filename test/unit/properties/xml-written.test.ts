import { expect, test } from 'vitest'
import { writeXml } from '../../../src/session/products/xml.ts'
import { blankGuard } from '../../../src/session/products/xml-filter.ts'
import { checkAsyncProperty } from '../../support/properties/property.ts'
import { type Tree, tree } from '../../support/properties/trees.ts'
import { xmlOf } from '../../support/xml/parse.ts'

/**
 * Our own reader drops the blanks around a text except for character references, replaces the character that it
 * uses itself, and makes a list of elements with the same name.
 */
function readBack(value: string | Tree): unknown {
  if (typeof value === 'string')
    return value.replaceAll(blankGuard, '\ufffd').replaceAll('\r', '\u0001').trim().replaceAll('\u0001', '\r')
  const entries = Object.entries(value).map(([inner, part]) => {
    const parts = (Array.isArray(part) ? part : [part]).map(readBack)
    return [inner, parts.length > 1 ? parts : parts[0]]
  })
  return entries.length > 0 ? Object.fromEntries(entries) : ''
}

test('our own reader reads back what is written', async () => {
  await checkAsyncProperty(tree, 400, async (value) => {
    const read = await xmlOf(writeXml({ root: value }))
    expect(JSON.stringify(read)).toBe(JSON.stringify({ root: readBack(value) }))
  })
})
