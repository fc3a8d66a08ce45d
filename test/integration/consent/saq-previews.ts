import { expect } from 'vitest'
import type { ByHand } from '../../support/consent/by-hand.ts'

// What holds of every preview, whatever it is about.

const longest = 80
/** Ours alone, or ours before values. */
const line = /^(?:! [^"]+|[^"!][^"]*|(?: {2}| {4})?[^":]+: "[^"]*"(?:, "[^"]*")*| {2}"[^"]*")$/

export const valuesIn = (preview: string): string[] =>
  [...preview.matchAll(/"([^"]*)"/g)].map(([, value = '']) => value)

/** A preview without its values: what is ours of it. */
export const frameOf = (preview: string): string => preview.replaceAll(/"[^"]*"/g, '""')

export function expectSound(preview: string): void {
  const [head = '', ...lines] = preview.split('\n')
  expect(head).toMatch(/^[A-Z][A-Za-z ]+ \((create|update|delete|execute)\)(: [\w ,]+)?$/)
  for (const text of lines) expect(text).toMatch(line)
  expect(lines.filter((text) => text.startsWith('account: '))).toEqual([lines.at(-1)])
  for (const value of valuesIn(preview)) expect([...value].length, value).toBeLessThanOrEqual(longest)
  expect(preview.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}\p{Co}\p{Cs}\u2028\u2029]/u)
}

export async function previewOf(client: ByHand, tool: string, args: object): Promise<string> {
  const { preview, text } = await client.call(tool, args)
  if (preview === undefined) throw new Error(text)
  return preview
}
