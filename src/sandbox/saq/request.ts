import { Complaint, mustNotBeSet, required } from '../http/api-error.ts'
import { Refusal } from '../http/reply.ts'
import type { Call } from '../http/route.ts'
import { webPage } from '../http/web-page.ts'
import type { World } from '../state/world.ts'
import { readXml, XmlProblem } from '../xml/reader.ts'
import type { XmlElement } from '../xml/writer.ts'

type Part = 'preferences' | 'filters' | 'data'

/** The parts of a ServiceRequest. */
export type ServiceRequest = Readonly<Partial<Record<Part, XmlElement>>>

/** Parses a ServiceRequest with these optional parts. A request without a body has none. */
export function readRequest(world: World, call: Call, ...parts: readonly Part[]): ServiceRequest {
  // The samples of the delete and count pages send GET with a Content-Type and a body, which is ignored.
  if (call.method === 'GET' || call.body.trim() === '') return {}
  const type = String(call.headers['content-type'] ?? '')
  if (world.knobs.strictContentType && !/^(text|application)\/xml\b/.test(type)) {
    throw new Refusal(webPage(415, 'Unsupported Media Type'), type)
  }
  const root = parsed(call.body)
  if (root.name !== 'ServiceRequest') throw required('ServiceRequest')
  const read: Partial<Record<Part, XmlElement>> = {}
  for (const child of childrenOf(root)) {
    const part = parts.find((name) => name === child.name)
    if (part === undefined || read[part]) throw mustNotBeSet(child.name)
    read[part] = child
  }
  return read
}

function parsed(body: string): XmlElement {
  try {
    return readXml(body)
  } catch (error) {
    if (!(error instanceof XmlProblem)) throw error
    throw new Complaint(
      'INVALID_REQUEST',
      `ServiceRequest: Invalid XML (${error.message}).`,
      'Send a well-formed XML document.',
    )
  }
}

/** The children of an element that contains only elements. */
export function childrenOf({ name, children, text }: XmlElement): readonly XmlElement[] {
  if (text.trim() === '') return children
  throw new Complaint(
    'INVALID_REQUEST',
    `${name}: Invalid value (${text.trim().slice(0, 80)}).`,
    `Specify elements within ${name}.`,
  )
}

/** The text of an element that contains only text. */
export function textOf({ children, text }: XmlElement): string {
  if (children[0]) throw mustNotBeSet(children[0].name)
  return text
}

/** The objects below `data`; at least one. */
export function objectsIn({ data }: ServiceRequest, name: string): readonly XmlElement[] {
  if (!data) throw required('data')
  const objects = childrenOf(data)
  const stranger = objects.find((object) => object.name !== name)
  if (stranger) throw mustNotBeSet(stranger.name)
  if (objects.length === 0) throw required(name)
  return objects
}

/** The one object below `data`. */
export function objectIn(request: ServiceRequest, name: string): XmlElement {
  const [object, second] = objectsIn(request, name)
  if (!object) throw required(name)
  if (second) throw mustNotBeSet(name)
  return object
}
