import type { RequestHead } from '../http/envelope.ts'
import type { Reply } from '../http/reply.ts'
import type { AppliedFault } from './active-faults.ts'
import { statusReply } from './error-replies.ts'
import type { Fault, FaultKind } from './faults.ts'
import * as xml from './mutate-elements.ts'
import * as json from './mutate-rows.ts'

type ReplyMutation = (reply: Reply, fault: AppliedFault, head: RequestHead) => Reply

const fieldPaths = ({ fields = ['title', 'name'] }: Fault): string[] =>
  Array.isArray(fields) ? fields : Object.keys(fields)
const newFieldNames = ({ fields }: Fault): Record<string, string> =>
  fields && !Array.isArray(fields) ? fields : { title: 'heading', name: 'label' }

/** Faults that change the reply of the route. */
export const replyMutations: Partial<Record<FaultKind, ReplyMutation>> = {
  statusAfterBody: (_, fault, head) => statusReply(fault, head),
  emptyBody: (_, { status = 200 }) => ({ status, content: { text: '', type: '' } }),
  rename: inBothFormats(() => [json.renameAll, xml.renameAll]),
  renameField: inBothFormats((fault) => [
    json.renameFields(newFieldNames(fault)),
    xml.renameFields(newFieldNames(fault)),
  ]),
  dropId: inBothFormats(() => [json.dropFields(['id']), xml.dropFields(['id'])]),
  dropField: inBothFormats((fault) => [
    json.dropFields(fieldPaths(fault)),
    xml.dropFields(fieldPaths(fault)),
  ]),
  // XML has no types.
  retype: inBothFormats(() => [json.retypeNumbers, (row) => row]),
  retypeField: inBothFormats((fault) => [
    json.retypeFields(fieldPaths(fault)),
    xml.retypeFields(fieldPaths(fault)),
  ]),
  nullFields: inBothFormats(() => [json.nullFields, xml.nullFields]),
  extraFields: inBothFormats(() => [json.addFields, xml.addFields]),
}

function inBothFormats(
  mutations: (fault: Fault) => readonly [json.RowMutation, xml.ElementMutation],
): ReplyMutation {
  return (reply, fault) => {
    const [mutateJson, mutateXml] = mutations(fault)
    return mutateElements(mutateRows(reply, mutateJson), mutateXml)
  }
}

function mutateElements(reply: Reply, mutate: xml.ElementMutation): Reply {
  const { content } = reply
  return 'xml' in content ? { ...reply, content: { xml: xml.mutateRows(content.xml, mutate) } } : reply
}

/** Changes the rows of a reply; the envelope and `sortValues` stay as they are. */
function mutateRows(reply: Reply, mutate: json.RowMutation): Reply {
  if (reply.status >= 300 || !('json' in reply.content) || !json.isRow(reply.content.json)) return reply
  const root = reply.content.json
  const mutateItem = (item: unknown) => {
    if (!json.isRow(item)) return item
    if (json.isRow(item['data']) && 'sortValues' in item) return { ...item, data: mutate(item['data']) }
    const { sortValues, ...row } = item
    return sortValues === undefined ? mutate(row) : { sortValues, ...mutate(row) }
  }
  const mutateList = (holder: json.Row) =>
    Array.isArray(holder['list']) ? { ...holder, list: holder['list'].map(mutateItem) } : undefined
  const body = root['body']
  const mutated = json.isRow(body)
    ? { ...root, body: mutateList(body) ?? mutateItem(body) }
    : mutateList(root)
  return mutated ? { ...reply, content: { json: mutated } } : reply
}
