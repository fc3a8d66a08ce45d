import { invalidRequest, invalidValue, missingElement, unexpectedElement } from '../http/api-error.ts'
import { Refusal } from '../http/reply.ts'
import { webPage } from '../http/web-page.ts'
import type { Call } from '../route.ts'
import { readXml, XmlSyntaxError } from '../xml/reader.ts'
import type { XmlElement } from '../xml/writer.ts'

type Part = 'preferences' | 'filters' | 'data'

/** The parts of a ServiceRequest. */
export type ServiceRequest = Readonly<Partial<Record<Part, XmlElement>>>

/** Parses a ServiceRequest with these optional parts. A request without a body has none. */
export function readRequest(call: Call, ...parts: readonly Part[]): ServiceRequest {
  // The samples of the delete and count pages send GET with a Content-Type and a body, which is ignored.
  if (call.method === 'GET' || call.body.trim() === '') return {}
  const type = String(call.headers['content-type'] ?? '')
  if (call.world.knobs.strictContentType && !/^(text|application)\/xml\b/.test(type)) {
    throw new Refusal(webPage(415, 'Unsupported Media Type'), type)
  }
  const root = parseXml(call.body)
  if (root.name !== 'ServiceRequest') throw missingElement('ServiceRequest')
  const request: Partial<Record<Part, XmlElement>> = {}
  for (const child of childrenOf(root)) {
    const part = parts.find((name) => name === child.name)
    if (part === undefined || request[part]) throw unexpectedElement(child.name)
    request[part] = child
  }
  return request
}

function parseXml(body: string): XmlElement {
  try {
    return readXml(body)
  } catch (error) {
    if (!(error instanceof XmlSyntaxError)) throw error
    throw invalidRequest(
      `ServiceRequest: Invalid XML (${error.message}).`,
      'Send a well-formed XML document.',
    )
  }
}

/** The children of an element that contains only elements. */
export function childrenOf({ name, children, text }: XmlElement): readonly XmlElement[] {
  if (text.trim() === '') return children
  throw invalidValue(name, text.trim().slice(0, 80), `Specify elements within ${name}.`)
}

/** The text of an element that contains only text. */
export function textOf({ children, text }: XmlElement): string {
  if (children[0]) throw unexpectedElement(children[0].name)
  return text
}

/** The objects below `data`; at least one. */
export function dataObjects({ data }: ServiceRequest, name: string): readonly XmlElement[] {
  if (!data) throw missingElement('data')
  const objects = childrenOf(data)
  const unexpected = objects.find((object) => object.name !== name)
  if (unexpected) throw unexpectedElement(unexpected.name)
  if (objects.length === 0) throw missingElement(name)
  return objects
}

/** The one object below `data`. */
export function dataObject(request: ServiceRequest, name: string): XmlElement {
  const [object, second] = dataObjects(request, name)
  if (!object) throw missingElement(name)
  if (second) throw unexpectedElement(name)
  return object
}
