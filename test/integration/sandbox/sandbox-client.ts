import { type Sandbox, type SandboxOptions, startSandbox } from '../../../src/sandbox/sandbox.ts'

type Row = Record<string, unknown>

/** The parts of the sandbox's answer that these tests read. */
export interface Answer {
  status: number
  headers: Headers
  text: string
  json: {
    errorCode?: string | null
    message?: string | null
    body?: { totalCount: number; list: Row[] }
    [key: string]: unknown
  }
  list: Row[]
}

/** A raw client: only fetch, so that the sandbox is tested without the product. */
export class SandboxClient {
  readonly sandbox: Sandbox
  token = ''

  private constructor(sandbox: Sandbox) {
    this.sandbox = sandbox
  }

  static async arrive(options?: SandboxOptions): Promise<SandboxClient> {
    const visitor = new SandboxClient(await startSandbox(options))
    await visitor.login()
    return visitor
  }

  async login({ username, password }: { username: string; password: string } = this.sandbox): Promise<void> {
    this.token = (await this.form('/auth', { username, password, token: 'true' })).text
  }

  form(path: string, fields: Record<string, string>): Promise<Answer> {
    return this.send('POST', path, new URLSearchParams(fields), {})
  }

  get(path: string): Promise<Answer> {
    return this.send('GET', path, undefined, { authorization: `Bearer ${this.token}` })
  }

  post(path: string, body: unknown): Promise<Answer> {
    return this.#json('POST', path, body)
  }

  patch(path: string, body: unknown): Promise<Answer> {
    return this.#json('PATCH', path, body)
  }

  delete(path: string): Promise<Answer> {
    return this.send('DELETE', path, undefined, { authorization: `Bearer ${this.token}` })
  }

  #json(method: string, path: string, body: unknown): Promise<Answer> {
    const headers = { authorization: `Bearer ${this.token}`, 'content-type': 'application/json' }
    return this.send(method, path, typeof body === 'string' ? body : JSON.stringify(body), headers)
  }

  /** A client of the same sandbox with another user's login. */
  async as(username: string, password = 'sandbox1'): Promise<SandboxClient> {
    const other = new SandboxClient(this.sandbox)
    await other.login({ username, password })
    return other
  }

  /** Advances the sandbox's clock, and returns its time. */
  async advance(seconds: number): Promise<number> {
    const { now } = (await this.control('POST', 'advance', { seconds })).json
    return Date.parse(String(now))
  }

  async control(method: string, path: string, body?: unknown): Promise<Answer> {
    const text = body === undefined ? undefined : JSON.stringify(body)
    return this.send(method, `/_sandbox/${path}`, text, {})
  }

  async dump<Kind extends object>(kind: string): Promise<Kind[]> {
    return (await this.control('GET', `truth/${kind}`)).json as unknown as Kind[]
  }

  async send(
    method: string,
    path: string,
    body: string | URLSearchParams | undefined,
    headers: Record<string, string>,
  ): Promise<Answer> {
    const init: RequestInit = { method, headers, redirect: 'manual' }
    if (body !== undefined) init.body = body
    const response = await fetch(this.sandbox.gatewayUrl + path, init)
    const text = await response.text()
    const json = /json/.test(response.headers.get('content-type') ?? '') ? tryJson(text) : {}
    const list = (json.body?.list ?? []) as Row[]
    return { status: response.status, headers: response.headers, text, json, list }
  }

  leave(): Promise<void> {
    return this.sandbox.close()
  }
}

function tryJson(text: string): Answer['json'] {
  try {
    return JSON.parse(text)
  } catch {
    return {}
  }
}
