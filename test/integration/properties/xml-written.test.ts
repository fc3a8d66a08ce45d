import { text } from 'node:stream/consumers'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Sandbox } from '../../../src/sandbox/sandbox.ts'
import { readXml as readStrictly } from '../../../src/sandbox/xml/reader.ts'
import type { XmlElement } from '../../../src/sandbox/xml/writer.ts'
import { writeXml } from '../../../src/session/products/xml.ts'
import { parseJson } from '../../../src/shared/json.ts'
import { countMasks } from '../../../src/shared/secrets.ts'
import { type Assistant, openAssistantOn } from '../../support/assistant.ts'
import { anyText, checkAsyncProperty, checkProperty } from '../../support/properties/property.ts'
import { type Tree, tree, unwritable, writable } from '../../support/properties/trees.ts'
import { openGateway } from '../../support/session/gateway.ts'
import { success } from '../../support/session/qps.ts'

// An independent XML reader reads back what we write.

const bodies: string[] = []
let api: Sandbox
let assistant: Assistant
beforeAll(async () => {
  api = await openGateway(async (request, response) => {
    bodies.push(await text(request))
    response.writeHead(200, { 'content-type': 'application/xml' }).end(success())
  })
  assistant = await openAssistantOn(api, { QUALYS_UNVERIFIED: 'all', QUALYS_MODE: 'unattended' })
})
afterAll(async () => {
  await assistant.close()
  await api.close()
})

/** Every element of this name, at any depth. */
function elementsNamed(root: XmlElement, name: string): XmlElement[] {
  return [
    ...(root.name === name ? [root] : []),
    ...root.children.flatMap((child) => elementsNamed(child, name)),
  ]
}

/** The request of a call, parsed by an independent reader. */
async function readSentXml(tool: string, args: object): Promise<{ isError: boolean; roots: XmlElement[] }> {
  bodies.length = 0
  const { isError } = await assistant.call(tool, args)
  return { isError, roots: bodies.map((body) => readStrictly(body)) }
}

/**
 * Expects a refusal of a text that is invisible, binary, not allowed in XML, or too long, and that nothing is sent.
 */
const isRefused = (value: string): boolean =>
  !/\S/.test(value) || value.replace(unwritable, '') !== value || [...value].length > 256

test.each(['lastName', 'lastNameContains', 'companyContains'])(
  'a search by %s sends exactly that text',
  async (input) => {
    // An empty text counts as left out, and JSON text of a list as the list.
    const oneText = anyText().filter((value) => value !== '' && typeof parseJson(value) !== 'object')
    await checkAsyncProperty(oneText, 40, async (value) => {
      const { isError, roots } = await readSentXml('saq_search_users', { [input]: value })
      if (isRefused(value)) {
        expect([isError, roots]).toEqual([true, []])
        return
      }
      expect(isError).toBe(false)
      // XML requires readers to normalise bare line ends to line feeds; character references stay.
      expect(roots.flatMap((root) => elementsNamed(root, 'Criteria')).map(({ text }) => text)).toEqual([
        value,
      ])
    })
  },
)

test('what is created has exactly those texts', async () => {
  const texts = fc.tuple(writable, writable).map(([a, b]) => [`a${a}`, `b${b}`.slice(0, 60)] as const)
  await checkAsyncProperty(texts, 40, async ([first, last]) => {
    fc.pre([first, last].every((value) => !isRefused(value) && value.length <= 60))
    // No effect sends our mask: another text stood there.
    fc.pre(countMasks(first + last) === 0)
    const user = { firstName: first, lastName: last, company: 'Acme', emailAddress: 'new@vendor.example' }
    const { roots } = await readSentXml('saq_create_users', { users: [user] })
    const users = roots.flatMap((root) => elementsNamed(root, 'User')).map(({ children }) => children)
    for (const [name, value] of [
      ['firstName', first],
      ['lastName', last],
    ] as const)
      for (const children of users)
        expect(children).toContainEqual(expect.objectContaining({ name, text: value }))
    expect(users.length).toBeGreaterThan(0)
  })
})

/** What a reader should find in a tree, as [name, text, children]. */
type Shape = readonly [name: string, text: string, children: readonly Shape[]]

function shapeOf(element: string, value: string | Tree): Shape {
  if (typeof value === 'string') return [element, value, []]
  const children = Object.entries(value).flatMap(([inner, part]) =>
    (Array.isArray(part) ? part : [part]).map((one: string | Tree) => shapeOf(inner, one)),
  )
  return [element, '', children]
}

const shapeFound = ({ name, text, children }: XmlElement): Shape => [name, text, children.map(shapeFound)]

test('another reader reads back what is written', () => {
  checkProperty(tree, 300, (value) => {
    expect(shapeFound(readStrictly(writeXml({ root: value })))).toEqual(shapeOf('root', value))
  })
})
