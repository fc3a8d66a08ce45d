import { expect, test } from 'vitest'
import { readXml, writeXml } from '../../../src/session/products/xml.ts'
import { holds } from '../../support/properties/property.ts'
import { type Tree, tree } from '../../support/properties/trees.ts'

/** Our own reader drops the blanks around a text but one that is referred to, and has a list where there are several of a name. */
function readBack(value: string | Tree): unknown {
  if (typeof value === 'string') return value.replaceAll('\r', '\u0001').trim().replaceAll('\u0001', '\r')
  const entries = Object.entries(value).map(([inner, part]) => {
    const parts = (Array.isArray(part) ? part : [part]).map(readBack)
    return [inner, parts.length > 1 ? parts : parts[0]]
  })
  return entries.length > 0 ? Object.fromEntries(entries) : ''
}

test('whatever is written, our own reader reads the same', () => {
  holds(tree, 400, (value) => {
    const read = readXml(Buffer.from(writeXml({ root: value })))
    expect(JSON.stringify(read)).toBe(JSON.stringify({ root: readBack(value) }))
  })
})
