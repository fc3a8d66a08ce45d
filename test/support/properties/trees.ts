import fc from 'fast-check'
import { wellFormed } from './property.ts'

/** XML cannot carry these (https://www.w3.org/TR/xml/#charsets). */
export const unwritable = /[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/gu

/** Any text that XML can carry. */
export const writable = wellFormed().map((value) => value.replace(unwritable, ''))

/** Elements by their names; a list repeats its element. */
export interface Tree {
  readonly [name: string]: string | Tree | readonly (string | Tree)[]
}

const name = fc.constantFrom('a', 'B', 'firstName', 'saq.x', 'x-y', 'V2__z', 'list', 'count')
export const { tree } = fc.letrec<{ tree: Tree; value: string | Tree }>((tie) => ({
  value: fc.oneof({ depthSize: 'small' }, writable, tie('tree')),
  tree: fc.dictionary(name, fc.oneof(tie('value'), fc.array(tie('value'), { minLength: 1, maxLength: 3 })), {
    noNullPrototype: true,
    maxKeys: 4,
  }),
}))
