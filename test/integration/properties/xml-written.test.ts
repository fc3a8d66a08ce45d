import { text } from 'node:stream/consumers'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Sandbox } from '../../../src/sandbox/sandbox.ts'
import { readXml as readStrictly } from '../../../src/sandbox/xml-reader.ts'
import type { XmlElement } from '../../../src/sandbox/xml-writer.ts'
import { readXml, writeXml } from '../../../src/xml.ts'
import { type Assistant, assistantOn } from '../../support/assistant.ts'
import { anyText, holds, holdsLater, wellFormed } from '../../support/properties/property.ts'
import { openGateway } from '../../support/session/gateway.ts'
import { success } from '../../support/session/qps.ts'

// What we write, an independent reader reads back.

/** XML has no way to say these (https://www.w3.org/TR/xml/#charsets). */
const unwritable = /[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/gu
const writable = wellFormed().map((value) => value.replace(unwritable, ''))

const bodies: string[] = []
let api: Sandbox
let assistant: Assistant
beforeAll(async () => {
  api = await openGateway(async (request, response) => {
    bodies.push(await text(request))
    response.writeHead(200, { 'content-type': 'application/xml' }).end(success())
  })
  assistant = await assistantOn(api, { QUALYS_UNVERIFIED: 'all', QUALYS_MODE: 'unattended' })
})
afterAll(async () => {
  await assistant.close()
  await api.close()
})

/** Every element of this name, wherever it is. */
function named(root: XmlElement, name: string): XmlElement[] {
  return [...(root.name === name ? [root] : []), ...root.children.flatMap((child) => named(child, name))]
}

/** What a call sent, read by a reader that is not ours. */
async function sent(tool: string, args: object): Promise<{ isError: boolean; roots: XmlElement[] }> {
  bodies.length = 0
  const { isError } = await assistant.call(tool, args)
  return { isError, roots: bodies.map((body) => readStrictly(body)) }
}

/** Nothing to be seen, bytes, what XML cannot carry, or too long: said so, and nothing is sent. */
const isRefused = (value: string): boolean =>
  !/\S/.test(value) || value.replace(unwritable, '') !== value || [...value].length > 256

test.each(['lastName', 'lastNameContains', 'companyContains'])(
  'a search by %s asks for that very text',
  async (input) => {
    await holdsLater(anyText(), 150, async (value) => {
      const { isError, roots } = await sent('saq_search_users', { [input]: value })
      if (isRefused(value)) {
        expect([isError, roots]).toEqual([true, []])
        return
      }
      expect(isError).toBe(false)
      // The reader makes line feeds of bare line ends, as XML wants it; what is referred to stays.
      expect(roots.flatMap((root) => named(root, 'Criteria')).map(({ text }) => text)).toEqual([value])
    })
  },
)

test('what is created has those very texts', async () => {
  const texts = fc.tuple(writable, writable).map(([a, b]) => [`a${a}`, `b${b}`.slice(0, 60)] as const)
  await holdsLater(texts, 150, async ([first, last]) => {
    fc.pre([first, last].every((value) => !isRefused(value) && value.length <= 60))
    const user = { firstName: first, lastName: last, company: 'Acme', emailAddress: 'new@vendor.example' }
    const { roots } = await sent('saq_create_users', { users: [user] })
    const users = roots.flatMap((root) => named(root, 'User')).map(({ children }) => children)
    for (const [name, value] of [
      ['firstName', first],
      ['lastName', last],
    ] as const)
      for (const children of users)
        expect(children).toContainEqual(expect.objectContaining({ name, text: value }))
    expect(users.length).toBeGreaterThan(0)
  })
})

interface Tree {
  readonly [name: string]: string | Tree | readonly (string | Tree)[]
}

const name = fc.constantFrom('a', 'B', 'firstName', 'saq.x', 'x-y', 'V2__z', 'list', 'count')
const { tree } = fc.letrec<{ tree: Tree; value: string | Tree }>((tie) => ({
  value: fc.oneof({ depthSize: 'small' }, writable, tie('tree')),
  tree: fc.dictionary(name, fc.oneof(tie('value'), fc.array(tie('value'), { minLength: 1, maxLength: 3 })), {
    noNullPrototype: true,
    maxKeys: 4,
  }),
}))

/** What a reader is to find of a tree, as [name, text, children]. */
type Shape = readonly [name: string, text: string, children: readonly Shape[]]

function shapeOf(element: string, value: string | Tree): Shape {
  if (typeof value === 'string') return [element, value, []]
  const children = Object.entries(value).flatMap(([inner, part]) =>
    (Array.isArray(part) ? part : [part]).map((one: string | Tree) => shapeOf(inner, one)),
  )
  return [element, '', children]
}

const found = ({ name, text, children }: XmlElement): Shape => [name, text, children.map(found)]

test('whatever is written, another reader reads the same', () => {
  holds(tree, 1_000, (value) => {
    expect(found(readStrictly(writeXml({ root: value })))).toEqual(shapeOf('root', value))
  })
})

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
  holds(tree, 1_000, (value) => {
    const read = readXml(Buffer.from(writeXml({ root: value })))
    expect(JSON.stringify(read)).toBe(JSON.stringify({ root: readBack(value) }))
  })
})
