import type { Settings } from '../../config/settings.ts'
import { serviceAddress } from '../../service/connect/address.ts'
import { fileTokens, noTokens } from '../../service/connect/tokens/token-source.ts'
import { openWeb, textIn, type Web, WebError } from '../../service/outbound/web.ts'
import { counted, texts } from '../../shared/format.ts'
import { isObject, parseJson } from '../../shared/json.ts'
import { oneLine } from '../../shared/safe-text.ts'

// `doctor --http URL`: whether a service answers, keeps out those without a token, and what a token gives.

const maxBytes = 4 * 1024 * 1024
const timeoutMs = 15_000

/** An answer, or why there is none. */
type Answer =
  | { readonly status: number; readonly text: string; readonly challenge: string; readonly ms: number }
  | { readonly why: string }

interface Ask {
  readonly url: URL
  readonly token?: string | undefined
  /** A method of MCP; a GET without one. */
  readonly method?: string
}

const revision = '2026-07-28'

const bodyOf = (method: string): string =>
  JSON.stringify({
    jsonrpc: '2.0',
    id: 1,
    method,
    params: {
      _meta: {
        'io.modelcontextprotocol/protocolVersion': revision,
        'io.modelcontextprotocol/clientInfo': { name: 'qualys-mcp doctor', version: '1' },
        'io.modelcontextprotocol/clientCapabilities': {},
      },
    },
  })

async function ask(web: Web, { url, token, method }: Ask): Promise<Answer> {
  const from = performance.now()
  try {
    const { statusCode, headers, body } = await web.send({
      url,
      method: method === undefined ? 'GET' : 'POST',
      headers: {
        accept: 'application/json, text/event-stream',
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
        ...(method !== undefined && {
          'content-type': 'application/json',
          'mcp-protocol-version': revision,
          'mcp-method': method,
        }),
      },
      ...(method !== undefined && { body: bodyOf(method) }),
      signal: AbortSignal.timeout(timeoutMs),
    })
    const text = await textIn(body, maxBytes)
    const challenge = String(headers['www-authenticate'] ?? '')
    return { status: statusCode, text, challenge, ms: Math.round(performance.now() - from) }
  } catch (error) {
    if (error instanceof WebError) return { why: error.message }
    return { why: 'it did not answer in time, or sent more than it should' }
  }
}

/** The result of MCP in an answer; undefined for anything else. */
function resultIn(answer: Answer): Readonly<Record<string, unknown>> | undefined {
  const message = 'text' in answer ? parseJson(answer.text) : undefined
  return isObject(message) && isObject(message['result']) ? message['result'] : undefined
}

/** What an answer is, where another one was expected. */
const said = (answer: Answer): string =>
  'why' in answer ? answer.why : `it answers with ${answer.status} (${oneLine(answer.text, 120)})`

/** One line of the report. */
interface Finding {
  readonly isFine: boolean
  readonly title: string
  readonly text: string
}

async function checkReach(web: Web, url: URL): Promise<Finding> {
  const answer = await ask(web, { url: new URL('/healthz', url) })
  const isFine = 'status' in answer && answer.status === 200 && answer.text === 'ok'
  const text = isFine ? `${url.origin} answers in ${answer.ms} ms` : `${url.origin}/healthz: ${said(answer)}`
  return { isFine, title: 'service', text }
}

async function checkStranger(web: Web, url: URL, hasToken: boolean): Promise<Finding> {
  const answer = await ask(web, { url, method: 'server/discover' })
  const isRefused = 'status' in answer && answer.status === 401
  const isOpen = resultIn(answer) !== undefined
  const issuer = isRefused && answer.challenge.includes('resource_metadata') ? ', and names its issuer' : ''
  const text = isRefused
    ? `refused${issuer}`
    : isOpen
      ? 'anybody who reaches it may call it: that is meant for the sandbox on one machine alone'
      : said(answer)
  return { isFine: isRefused || (isOpen && !hasToken), title: 'without a token', text }
}

async function checkToken(web: Web, url: URL, token: string | undefined): Promise<Finding> {
  const title = token === undefined ? 'as anybody' : 'with the token'
  const answer = await ask(web, { url, token, method: 'server/discover' })
  const server = resultIn(answer)
  if (!server) return { isFine: false, title, text: said(answer) }
  const list = await ask(web, { url, token, method: 'tools/list' })
  const tools: unknown = resultIn(list)?.['tools']
  if (!Array.isArray(tools)) return { isFine: false, title, text: `tools/list: ${said(list)}` }
  const effects = tools.filter(
    (tool) =>
      isObject(tool) && isObject(tool['annotations']) && tool['annotations']['readOnlyHint'] === false,
  )
  const versions: unknown = server['supportedVersions']
  const text = texts(
    Array.isArray(versions) && `MCP ${versions.map((version) => oneLine(String(version), 20)).join(', ')}`,
    counted(tools.length, 'tool'),
    `${effects.length} of them with an effect`,
  ).join(', ')
  return { isFine: true, title, text }
}

/** Checks a service, and prints a line for each finding. False if something does not work. */
export async function checkService(
  address: string,
  settings: Settings,
  print: (line: string) => void,
): Promise<boolean> {
  const url = serviceAddress(address)
  const { connectTokenFile } = settings
  const tokens = connectTokenFile === undefined ? noTokens : fileTokens(connectTokenFile, () => undefined)
  const token = (await tokens.current(AbortSignal.timeout(timeoutMs)))?.reveal()
  const web = openWeb(settings)
  try {
    const reach = await checkReach(web, url)
    const findings = [
      reach,
      ...(reach.isFine ? [await checkStranger(web, url, token !== undefined)] : []),
      ...(reach.isFine && token !== undefined ? [await checkToken(web, url, token)] : []),
    ]
    for (const { isFine, title, text } of findings) print(`${isFine ? 'ok  ' : 'FAIL'}  ${title}: ${text}`)
    return findings.every(({ isFine }) => isFine)
  } finally {
    await web.close()
  }
}
