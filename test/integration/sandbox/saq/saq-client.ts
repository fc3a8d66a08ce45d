import type { SandboxOptions } from '../../../../src/sandbox/sandbox.ts'
import { readXml } from '../../../../src/sandbox/xml/reader.ts'
import type { XmlElement } from '../../../../src/sandbox/xml/writer.ts'
import { SandboxClient } from '../sandbox-client.ts'

/** The parts of an API server's answer that these tests read. */
export interface SaqAnswer {
  status: number
  headers: Headers
  text: string
  /** responseCode; '' without an envelope. */
  code: string
  message: string
  resolution: string
  /** The names of the envelope's elements, in order. */
  parts: string[]
  count: number
  more: string | undefined
  lastId: number | undefined
  rows: XmlElement[]
}

/** Text at a dotted path of elements; undefined if there is none. */
export function at(element: XmlElement | undefined, path: string): string | undefined {
  let found = element
  for (const name of path.split('.')) found = found?.children.find((child) => child.name === name)
  return found?.text
}

/** The children of the element at a dotted path. */
export function within(element: XmlElement | undefined, path: string): XmlElement[] {
  let found = element
  for (const name of path.split('.')) found = found?.children.find((child) => child.name === name)
  return found?.children ?? []
}

export const criteria = (field: string, operator: string, value: string | number) =>
  `<Criteria field="${field}" operator="${operator}">${value}</Criteria>`
export const filters = (...all: string[]) => `<filters>${all.join('')}</filters>`
export const data = (object: string, content: string) => `<data><${object}>${content}</${object}></data>`

/** A raw client of SAQ: fetch, Basic authentication and XML written by hand. */
export class SaqClient {
  readonly visitor: SandboxClient
  readonly #authorization: string

  private constructor(visitor: SandboxClient, authorization: string) {
    this.visitor = visitor
    this.#authorization = authorization
  }

  static async arrive(options: SandboxOptions = {}): Promise<SaqClient> {
    const visitor = await SandboxClient.arrive({ jobs: 100, ...options })
    return new SaqClient(visitor, basic(visitor.sandbox.username, visitor.sandbox.password))
  }

  as(username: string, password = 'sandbox1'): SaqClient {
    return new SaqClient(this.visitor, basic(username, password))
  }

  /** The same with another Authorization header. */
  bearing(authorization: string): SaqClient {
    return new SaqClient(this.visitor, authorization)
  }

  get(path: string, headers: Record<string, string> = {}): Promise<SaqAnswer> {
    return this.send('GET', `/qps/rest/1.0/${path}`, undefined, headers)
  }

  /** Posts this content of a ServiceRequest. */
  post(path: string, content = ''): Promise<SaqAnswer> {
    return this.raw(path, `<ServiceRequest>${content}</ServiceRequest>`)
  }

  /** Posts a body unchanged. */
  raw(path: string, body: string, type = 'text/xml'): Promise<SaqAnswer> {
    return this.send('POST', `/qps/rest/1.0/${path}`, body, { 'content-type': type })
  }

  async send(
    method: string,
    path: string,
    body: string | undefined,
    headers: Record<string, string>,
  ): Promise<SaqAnswer> {
    const all = { authorization: this.#authorization, ...headers }
    const answer = await this.visitor.send(method, path, body, all)
    const root = /application\/xml/.test(answer.headers.get('content-type') ?? '')
      ? readXml(answer.text)
      : undefined
    const lastId = at(root, 'lastId')
    return {
      status: answer.status,
      headers: answer.headers,
      text: answer.text,
      code: at(root, 'responseCode') ?? '',
      message: at(root, 'responseErrorDetails.errorMessage') ?? '',
      resolution: at(root, 'responseErrorDetails.errorResolution') ?? '',
      parts: root?.children.map(({ name }) => name) ?? [],
      count: Number(at(root, 'count') ?? Number.NaN),
      more: at(root, 'hasMoreRecords'),
      lastId: lastId === undefined ? undefined : Number(lastId),
      rows: within(root, 'data'),
    }
  }

  /** Their number, by the count operation. */
  async count(object: string, ...all: string[]): Promise<number> {
    return (await this.post(`count/saq/${object}`, filters(...all))).count
  }

  async row(object: string, id: number): Promise<XmlElement | undefined> {
    return (await this.get(`get/saq/${object}/${id}`)).rows[0]
  }

  knobs(settings: object): Promise<unknown> {
    return this.visitor.control('PATCH', 'knobs', settings)
  }

  leave(): Promise<void> {
    return this.visitor.leave()
  }
}

function basic(username: string, password: string): string {
  return `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`
}
