import type { Addressed } from '../http/envelope.ts'
import type { Reply } from '../http/reply.ts'
import type { XmlElement } from '../xml/writer.ts'
import type { Struck } from './active-faults.ts'
import { withStatus } from './error-replies.ts'
import type { Fault, FaultKind } from './faults.ts'
import * as xml from './mutate-elements.ts'
import * as json from './mutate-rows.ts'

type Bending = (reply: Reply, fault: Struck, call: Addressed) => Reply

const listOf = ({ fields = ['title', 'name'] }: Fault): string[] =>
  Array.isArray(fields) ? fields : Object.keys(fields)
const namesOf = ({ fields }: Fault): Record<string, string> =>
  fields && !Array.isArray(fields) ? fields : { title: 'heading', name: 'label' }

/** Faults that change the answer of the route. */
export const bendings: Partial<Record<FaultKind, Bending>> = {
  statusAfterBody: (_, fault, call) => withStatus(fault, call),
  emptyBody: (_, { status = 200 }) => ({ status, content: { text: '', type: '' } }),
  rename: both(() => [json.renamed, xml.renamed]),
  renameField: both((fault) => [json.withNames(namesOf(fault)), xml.withNames(namesOf(fault))]),
  dropId: both(() => [json.without(['id']), xml.without(['id'])]),
  dropField: both((fault) => [json.without(listOf(fault)), xml.without(listOf(fault))]),
  // XML has no types.
  retype: both(() => [json.retyped, (row) => row]),
  retypeField: both((fault) => [json.withTypes(listOf(fault)), xml.withTypes(listOf(fault))]),
  nullFields: both(() => [json.nulled, xml.nulled]),
  extraFields: both(() => [json.extended, xml.extended]),
}

type InXml = (row: XmlElement) => XmlElement

function both(changes: (fault: Fault) => readonly [json.Change, InXml]): Bending {
  return (reply, fault) => {
    const [inJson, inXml] = changes(fault)
    return inElements(inRows(reply, inJson), inXml)
  }
}

function inElements(reply: Reply, change: InXml): Reply {
  const { content } = reply
  return 'xml' in content ? { ...reply, content: { xml: xml.inRows(content.xml, change) } } : reply
}

/** Changes the rows of an answer; the envelope and `sortValues` stay as they are. */
function inRows(reply: Reply, change: json.Change): Reply {
  if (reply.status >= 300 || !('json' in reply.content) || !json.isRow(reply.content.json)) return reply
  const root = reply.content.json
  const one = (item: unknown) => {
    if (!json.isRow(item)) return item
    if (json.isRow(item['data']) && 'sortValues' in item) return { ...item, data: change(item['data']) }
    const { sortValues, ...row } = item
    return sortValues === undefined ? change(row) : { sortValues, ...change(row) }
  }
  const within = (holder: json.Row) =>
    Array.isArray(holder['list']) ? { ...holder, list: holder['list'].map(one) } : undefined
  const body = root['body']
  const changed = json.isRow(body) ? { ...root, body: within(body) ?? one(body) } : within(root)
  return changed ? { ...reply, content: { json: changed } } : reply
}
