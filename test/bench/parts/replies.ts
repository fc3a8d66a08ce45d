import { operations } from '../../../src/operations/index.ts'
import { countTokens } from '../../programs/token-counter.ts'
import { openAssistant } from '../../support/assistant.ts'
import { environmentFor } from '../../support/environment.ts'
import { openSandbox, type SandboxRequest } from '../../support/sandbox.ts'
import { accountOn } from '../../support/session.ts'
import type { Measured } from '../table.ts'

// What a page of twenty default rows costs a model, against the same rows as Qualys sends them.

/** Tokens (o200k_base) of one list tool's first page. */
export interface PageCost {
  readonly tool: string
  readonly rows: number
  /** The vendor's JSON or XML with these rows. */
  readonly vendor: number
  readonly text: number
  /** The structured form. */
  readonly json: number
}

/** Twenty rows unless Qualys has fewer of the kind. */
const pageSize = 20

/** Repeats a request that a tool made, and returns the answer of Qualys. */
async function repeatRequest(seen: SandboxRequest, origin: string, authorization: string): Promise<string> {
  const { method, path, query, headers, body } = seen
  const url = new URL(path, origin)
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value)
  const { accept = '', 'content-type': type } = headers
  const response = await fetch(url, {
    method,
    headers: { accept, authorization, ...(type !== undefined && { 'content-type': type }) },
    ...(body !== '' && { body }),
  })
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`)
  return response.text()
}

/** Some lists come whole: rows beyond the page are not counted. */
function firstRows(answer: string, rows: number): string {
  if (!answer.startsWith('{') && !answer.startsWith('[')) return answer
  const parsed = JSON.parse(answer) as Record<string, unknown> | unknown[]
  if (Array.isArray(parsed)) return JSON.stringify(parsed.slice(0, rows))
  return JSON.stringify(
    Object.fromEntries(
      Object.entries(parsed).map(([name, value]) => [
        name,
        Array.isArray(value) ? value.slice(0, rows) : value,
      ]),
    ),
  )
}

/** The cost of the first page of every list tool, on the sandbox. */
export async function pageCosts(): Promise<PageCost[]> {
  const sandbox = await openSandbox()
  const { control, gatewayUrl, apiUrl, username, password } = sandbox
  // As the embedded sandbox, whose tokens do not depend on its port: the same costs each time.
  const account = { ...accountOn(sandbox), sandbox: true }
  const assistant = await openAssistant(environmentFor(sandbox), { account })
  const login = await fetch(new URL('/auth', gatewayUrl), {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ username, password, token: 'true' }),
  })
  const bearer = `Bearer ${(await login.text()).trim()}`
  const basic = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`
  const costs: PageCost[] = []
  for (const { name, route } of operations.filter(({ returns }) => returns === 'rows')) {
    await control.clearRequests()
    const text = await assistant.call(name, { pageSize })
    // Names of tags, for example, are looked up besides.
    const seen = (await control.requests()).findLast(({ path }) => route.endsWith(path))
    const { structured } = await assistant.call(name, { pageSize }, 'json')
    if (!seen || text.isError) throw new Error(`${name}: ${text.text}`)
    const ofSaq = name.startsWith('saq_')
    const answer = await repeatRequest(seen, ofSaq ? apiUrl : gatewayUrl, ofSaq ? basic : bearer)
    costs.push({
      tool: name,
      rows: structured.returned,
      vendor: countTokens(firstRows(answer, structured.returned)),
      text: countTokens(text.text),
      json: countTokens(JSON.stringify(structured)),
    })
  }
  await assistant.close()
  await sandbox.close()
  return costs
}

/** The largest shares of a list that has twenty rows, and all costs. */
export async function replies(): Promise<Measured> {
  const costs = await pageCosts()
  const full = costs.filter(({ rows }) => rows === pageSize)
  const largest = (form: 'text' | 'json'): number => Math.max(...full.map((cost) => cost[form] / cost.vendor))
  const over = "over the same rows as Qualys sends them: the largest tool's"
  return {
    figures: [
      {
        name: 'text',
        what: `twenty rows as text, in tokens, ${over}`,
        figure: largest('text'),
        unit: 'x',
        goal: 0.25,
      },
      {
        name: 'json',
        what: `twenty rows for programs, in tokens, ${over}`,
        figure: largest('json'),
        unit: 'x',
        goal: 0.334,
      },
    ],
    details: async () => costTable(costs),
  }
}

function costTable(costs: readonly PageCost[]): string[] {
  const share = (part: number, whole: number): string => (part / whole).toFixed(2).padStart(6)
  const lines = costs.map(
    ({ tool, rows, vendor, text, json }) =>
      `${tool.padEnd(30)}${String(rows).padStart(5)}${String(vendor).padStart(8)}${String(text).padStart(7)}${share(text, vendor)}${String(json).padStart(7)}${share(json, vendor)}`,
  )
  return [
    `${'twenty default rows, in tokens'.padEnd(30)}${'rows'.padStart(5)}${'vendor'.padStart(8)}${'text'.padStart(7)}${'share'.padStart(6)}${'json'.padStart(7)}${'share'.padStart(6)}`,
    ...lines,
  ]
}
