import type { Settings } from '../../config/settings.ts'
import { parseJson } from '../../shared/json.ts'
import { openWeb, textIn } from './web.ts'

/** Metadata and keys of an issuer take a few kilobytes. */
const maxBytes = 1024 * 1024
const timeoutMs = 10_000

/** Reads JSON documents of an issuer. Rejects with what is wrong. */
export function issuerDocuments(settings: Settings): (url: string) => Promise<unknown> {
  const web = openWeb(settings)
  return async (address) => {
    const url = new URL(address)
    const signal = AbortSignal.timeout(timeoutMs)
    const { statusCode, body } = await web.send({
      url,
      method: 'GET',
      headers: { accept: 'application/json' },
      signal,
    })
    const text = await textIn(body, maxBytes)
    if (statusCode !== 200) throw new Error(`${url.host} answered with ${statusCode}`)
    const document = parseJson(text)
    if (document === undefined) throw new Error(`${url.host} answered with something other than JSON`)
    return document
  }
}
