import { type Dispatcher, request } from 'undici'
import type { Settings } from '../config/settings.ts'
import { makeAgent, proxyFor } from '../session/http/agent.ts'
import { parseJson } from '../shared/json.ts'

/** Metadata and keys of an issuer take a few kilobytes. */
const maxBytes = 1024 * 1024

async function textOf(body: AsyncIterable<Buffer>): Promise<string> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of body) {
    size += chunk.length
    if (size > maxBytes) throw new Error(`the answer is larger than ${maxBytes} bytes`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

/**
 * Reads JSON documents of the issuer, with the CAs, proxies and time-outs of the settings. Follows no redirect. Rejects
 * with what is wrong.
 */
export function issuerDocuments(settings: Settings): (url: string) => Promise<unknown> {
  const agents = new Map<string, Promise<Dispatcher>>()
  const agentFor = (url: URL): Promise<Dispatcher> => {
    const agent = agents.get(url.origin) ?? makeAgent(settings, proxyFor(url, settings)?.url)
    agents.set(url.origin, agent)
    return agent
  }
  return async (address) => {
    const url = new URL(address)
    const { statusCode, body } = await request(url, {
      dispatcher: await agentFor(url),
      headers: { accept: 'application/json', 'user-agent': 'qualys-mcp' },
    })
    const text = await textOf(body)
    if (statusCode !== 200) throw new Error(`${url.host} answered with ${statusCode}`)
    const document = parseJson(text)
    if (document === undefined) throw new Error(`${url.host} answered with something other than JSON`)
    return document
  }
}
