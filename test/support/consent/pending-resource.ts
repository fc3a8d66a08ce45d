import { expect } from 'vitest'
import type { RawClient } from './raw-client.ts'

/** The line of a short view that names the way to the rest, with the address and the code in it. */
export const wayText =
  /^all of it: resource (qualys:\/\/pending\/([2-9A-Z]{4}-[2-9A-Z]{4})), or `qualys-mcp approve \2[^`]*` in a terminal$/m

/** The text of a resource, or why there is none. */
export async function readResource(client: RawClient, uri: string): Promise<string> {
  const { result, text } = await client.request('resources/read', { uri })
  const [contents] = (result?.['contents'] ?? []) as { text?: string; mimeType?: string }[]
  if (contents) expect(contents.mimeType).toBe('text/plain')
  return contents?.text ?? text
}

/** All of a preview, of which a form may show a short view. */
export async function wholeOf(client: RawClient, shown: string): Promise<string> {
  const [, uri] = wayText.exec(shown) ?? []
  return uri === undefined ? shown : readResource(client, uri)
}
