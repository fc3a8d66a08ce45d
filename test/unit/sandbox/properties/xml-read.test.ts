import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readXml as readStrictly, XmlSyntaxError } from '../../../../src/sandbox/xml/reader.ts'
import type { XmlElement } from '../../../../src/sandbox/xml/writer.ts'
import { readXml } from '../../../../src/session/products/xml.ts'
import { XmlFilter } from '../../../../src/session/products/xml-filter.ts'
import { anyText, checkAsyncProperty, checkProperty } from '../../../support/properties/property.ts'

// Any XML is read or refused: no byte makes the reader throw another error, hang or grow.

/** Pieces of XML in any order, some of which make a document. */
const scraps = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        ...['<a>', '</a>', '<b/>', '<a', '>', '</', '<b x="1">', "<b y='&lt;'>", '</b>', '<![CDATA[', ']]>'],
        ...[
          '<!--',
          '-->',
          '<?p ',
          '?>',
          '<!DOCTYPE a>',
          '<!DOCTYPE a [',
          ']>',
          '<!ENTITY x "&y;&y;">',
          '&x;',
        ],
        ...[
          '<?xml version="1.0"?>',
          '&amp;',
          '&#65;',
          '&#0;',
          '&#x110000;',
          '&',
          ';',
          '"',
          "'",
          '=',
          ' ',
          '\n',
        ],
        ...['<__proto__>', '</__proto__>', '<constructor/>', '\u0000', '\ufeff', 'x', '<ä/>', 'ä', ']', '-'],
      ),
      anyText(2),
    ),
    { maxLength: 24 },
  )
  .map((parts) => parts.join(''))

const bytes = fc.oneof(
  scraps.map((parts) => Buffer.from(parts)),
  scraps.map((parts) => Buffer.from(parts, 'latin1')),
  scraps.map((parts) => Buffer.from(`<a>${parts}</a>`)),
  fc.uint8Array({ maxLength: 200 }).map((raw) => Buffer.from(raw)),
)

test('any bytes are read or refused, and never grow', async () => {
  await checkAsyncProperty(bytes, 5_000, async (raw) => {
    const { value } = await readXml(raw)
    expect(['object', 'undefined']).toContain(typeof value)
    // JSON may escape each byte, and each element adds quotes, a colon and brackets.
    expect(JSON.stringify(value ?? '').length).toBeLessThanOrEqual(raw.length * 8 + 8)
    expect(Object.keys(Object.prototype)).toEqual([])
  })
})

/** What a strict reader makes of a document; undefined if it refuses it. */
function strictly(document: string): XmlElement | undefined {
  try {
    return readStrictly(document)
  } catch (error) {
    expect(error).toBeInstanceOf(XmlSyntaxError)
    return undefined
  }
}

/** Names and texts, without their order: elements of one name become a list, and texts around them are joined. */
interface Content {
  readonly names: Set<string>
  letters: string
}

function inElement({ name, text, children }: XmlElement, into: Content): Content {
  into.names.add(name)
  into.letters += text
  for (const child of children) inElement(child, into)
  return into
}

function inValue(value: unknown, into: Content): Content {
  if (typeof value === 'string') into.letters += value
  else if (Array.isArray(value)) for (const part of value) inValue(part, into)
  else
    for (const [name, part] of Object.entries(value ?? {})) {
      if (name !== '#text') into.names.add(name)
      inValue(part, into)
    }
  return into
}

const expectReads = (read: (into: Content) => Content) => {
  const { names, letters } = read({ names: new Set(), letters: '' })
  return { names: [...names].sort(), letters: [...letters.replace(/\s/g, '')].sort().join('') }
}

test('what a strict reader accepts, ours accepts, with the same names and texts', async () => {
  let taken = 0
  const documents = scraps.map((parts) => `<r>${parts}</r>`)
  await checkAsyncProperty(documents, 5_000, async (document) => {
    // Such an element is left out, and an answer with anything like a DTD is refused as a whole.
    fc.pre(!/<(?:__proto__|!DOCTYPE|!ENTITY)|\ufdd0/.test(document))
    const strict = strictly(document)
    if (!strict) return
    taken++
    const { value: ours } = await readXml(Buffer.from(document))
    expect(ours, document).toBeDefined()
    expect(expectReads((into) => inValue(ours, into))).toEqual(expectReads((into) => inElement(strict, into)))
  })
  expect(taken).toBeGreaterThan(200)
})

test('XML is filtered to the same text wherever it is sliced', () => {
  /** What the filter makes of these slices; undefined if it refuses them. */
  const filtered = (slices: readonly string[]): string | undefined => {
    const filter = new XmlFilter({ checksCharacters: true })
    try {
      return slices.map((slice) => filter.write(slice)).join('') + filter.end()
    } catch {
      return undefined
    }
  }
  const sliced = fc.tuple(scraps, fc.array(fc.nat(200), { maxLength: 6 }))
  checkProperty(sliced, 3_000, ([document, cuts]) => {
    const ends = [...cuts, document.length].sort((a, b) => a - b)
    const slices = ends.map((end, index) => document.slice(ends[index - 1] ?? 0, end))
    expect(filtered(slices), JSON.stringify(slices)).toBe(filtered([document]))
  })
})

test('no nested entities are expanded, wherever they are', async () => {
  const nest = fc.record({
    levels: fc.integer({ min: 1, max: 40 }),
    times: fc.integer({ min: 1, max: 40 }),
    uses: fc.integer({ min: 1, max: 500 }),
    before: fc.constantFrom(
      '',
      '<?xml version="1.0"?>',
      '<!-- x -->',
      '<r>',
      '<r><!-- <![CDATA[ -->',
      '<r><?y <![CDATA[ ?>',
    ),
    after: fc.constantFrom('', '<!-- ]]> -->', '<?y ]]> ?>', '</r>'),
    parameter: fc.constantFrom('', '% '),
  })
  await checkAsyncProperty(nest, 300, async ({ levels, times, uses, before, after, parameter }) => {
    const entities = Array.from(
      { length: levels },
      (_, level) => `<!ENTITY ${parameter}e${level + 1} "${`&e${level};`.repeat(times)}">`,
    )
    const dtd = `<!DOCTYPE r [<!ENTITY e0 "lol">${entities.join('')}]>`
    const body = `<a>${`&e${levels};`.repeat(uses)}</a>`
    for (const close of ['', '</r>']) {
      const document = before + dtd + after + body + close
      const value = JSON.stringify((await readXml(Buffer.from(document))).value ?? '')
      expect(value).not.toContain('lol')
      expect(value.length).toBeLessThanOrEqual(document.length)
    }
  })
})
