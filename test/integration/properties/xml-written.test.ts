import { text } from 'node:stream/consumers'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Sandbox } from '../../../src/sandbox/sandbox.ts'
import { readXml as readStrictly } from '../../../src/sandbox/xml/reader.ts'
import type { XmlElement } from '../../../src/sandbox/xml/writer.ts'
import { writeXml } from '../../../src/session/products/xml.ts'
import { type Assistant, assistantOn } from '../../support/assistant.ts'
import { anyText, holds, holdsLater } from '../../support/properties/property.ts'
import { type Tree, tree, unwritable, writable } from '../../support/properties/trees.ts'
import { openGateway } from '../../support/session/gateway.ts'
import { success } from '../../support/session/qps.ts'

// What we write, an independent reader reads back.

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
    await holdsLater(anyText(), 40, async (value) => {
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
  await holdsLater(texts, 40, async ([first, last]) => {
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
  holds(tree, 300, (value) => {
    expect(found(readStrictly(writeXml({ root: value })))).toEqual(shapeOf('root', value))
  })
})
