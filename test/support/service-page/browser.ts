import type { Answer } from '../service/answer.ts'
import { sendHttp } from '../service/client.ts'
import { CookieJar } from './cookies.ts'

/** A page that a browser shows. */
export interface Shown {
  readonly url: URL
  readonly status: number
  readonly headers: Answer['headers']
  readonly text: string
  /** The addresses on the way, redirects included. */
  readonly trail: readonly string[]
}

/** How a request differs from one of a person who clicks on the page that is shown. */
export interface Visit {
  /** The origin of the page that causes it; nobody's if a person types the address. */
  readonly from?: string | undefined
  /** Headers that replace those of a browser; undefined leaves one out. */
  readonly headers?: Readonly<Record<string, string | undefined>>
  /** False stops at the first redirect. */
  readonly follow?: boolean
}

const unescaped = (text: string): string =>
  text.replace(/&(amp|lt|gt|quot|#39|#x27);/g, (_, name: string) =>
    name === 'amp' ? '&' : name === 'lt' ? '<' : name === 'gt' ? '>' : name === 'quot' ? '"' : "'",
  )

const attribute = (tag: string, name: string): string | undefined => {
  const value = new RegExp(`\\b${name}="([^"]*)"`).exec(tag)?.[1]
  return value === undefined ? undefined : unescaped(value)
}

/** The address of the first form that leads to such a path, and its hidden fields. */
export function formIn(
  { text, url }: Shown,
  path = /./,
): { readonly url: URL; readonly fields: Record<string, string> } {
  for (const [form = '', inner = ''] of text.matchAll(/<form\b[^>]*>([\s\S]*?)<\/form>/g)) {
    const action = new URL(attribute(/<form\b[^>]*>/.exec(form)?.[0] ?? '', 'action') ?? '', url)
    if (!path.test(action.pathname)) continue
    const inputs = [...inner.matchAll(/<input\b[^>]*type="hidden"[^>]*>/g)].map(([tag]): [string, string] => [
      attribute(tag, 'name') ?? '',
      attribute(tag, 'value') ?? '',
    ])
    return { url: action, fields: Object.fromEntries(inputs) }
  }
  throw new Error(`There is no form to ${path} in ${text}`)
}

/** The address of a link with this label. */
export function linkIn({ text, url }: Shown, label: RegExp): URL {
  for (const [, tag = '', inner = ''] of text.matchAll(/(<a\b[^>]*>)([\s\S]*?)<\/a>/g))
    if (label.test(unescaped(inner))) return new URL(attribute(tag, 'href') ?? '', url)
  throw new Error(`There is no link ${label} in ${text}`)
}

/** The text of a page as a person reads it. */
export const readable = ({ text }: Shown): string =>
  unescaped(text.replace(/<[^>]+>/g, ' ')).replace(/\s+/g, ' ')

/**
 * A browser without a window: cookies, redirects, forms, and the headers that tell where a request comes from. Every name
 * leads to this machine; `ports` says where the services of https origins are.
 */
export class Browser {
  readonly jar = new CookieJar()
  readonly #ports: ReadonlyMap<string, number>
  #stopAt: string | undefined

  constructor(ports: Readonly<Record<string, number>>) {
    this.#ports = new Map(Object.entries(ports))
  }

  /** Follows no redirect to this path from now on: the address is all that is shown. Undefined follows all. */
  stopBefore(path: string | undefined): void {
    this.#stopAt = path
  }

  /** Goes to an address. */
  open(address: string | URL, visit: Visit = {}): Promise<Shown> {
    return this.#go('GET', new URL(address), '', visit)
  }

  /** Sends a form to an address; from a page of the same origin unless it is said. */
  post(address: string | URL, fields: Readonly<Record<string, string>>, visit: Visit = {}): Promise<Shown> {
    const url = new URL(address)
    return this.#go('POST', url, new URLSearchParams(fields).toString(), { from: url.origin, ...visit })
  }

  /** Fills in and sends the form of a page. */
  submit(shown: Shown, fields: Readonly<Record<string, string>> = {}, path = /./): Promise<Shown> {
    const form = formIn(shown, path)
    return this.post(form.url, { ...form.fields, ...fields }, { from: shown.url.origin })
  }

  async #go(method: string, to: URL, body: string, visit: Visit): Promise<Shown> {
    const { from, follow = true } = visit
    const trail: string[] = []
    let [url, verb, content] = [to, method, body]
    let isForeign = from !== undefined && new URL(from).origin !== url.origin
    for (let step = 0; step < 12; step++) {
      trail.push(url.href)
      const answer = await this.#send(verb, url, content, { ...visit, isForeign })
      const { location } = answer.headers
      if (!follow || location === undefined || answer.status < 300 || answer.status > 399)
        return { url, status: answer.status, headers: answer.headers, text: answer.body, trail }
      const next = new URL(location, url)
      // Once a redirect has left the origin, browsers say cross-site to the end.
      isForeign ||= next.origin !== url.origin
      url = next
      if (url.pathname === this.#stopAt) return { url, status: 0, headers: {}, text: '', trail }
      ;[verb, content] = ['GET', '']
    }
    throw new Error(`Too many redirects: ${trail.join(' ')}`)
  }

  async #send(
    method: string,
    url: URL,
    body: string,
    { from, headers: own = {}, isForeign }: Visit & { readonly isForeign: boolean },
  ): Promise<Answer> {
    const cookie = this.jar.header(url, isForeign && method !== 'GET')
    const headers: Record<string, string | undefined> = {
      host: url.host,
      accept: 'text/html',
      'sec-fetch-mode': 'navigate',
      'sec-fetch-dest': 'document',
      'sec-fetch-site': isForeign ? 'cross-site' : from === undefined ? 'none' : 'same-origin',
      ...(cookie !== '' && { cookie }),
      ...(method === 'POST' && {
        origin: from === undefined ? url.origin : new URL(from).origin,
        'content-type': 'application/x-www-form-urlencoded',
      }),
      ...own,
    }
    const answer = await sendHttp(this.#portOf(url), {
      method,
      path: `${url.pathname}${url.search}`,
      headers: Object.fromEntries(Object.entries(headers).filter(([, value]) => value !== undefined)),
      body,
    })
    this.jar.keep(url, answer.headers['set-cookie'] ?? [])
    return answer
  }

  #portOf({ origin, port }: URL): number {
    const known = this.#ports.get(origin) ?? Number(port)
    if (known > 0) return known
    throw new Error(`The browser was led to ${origin}`)
  }
}
