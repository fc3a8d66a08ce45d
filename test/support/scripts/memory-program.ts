import { CodeSearch, encoded, type StoredScript } from './scripts-in-memory.ts'

// Searches the code of many large scripts, which are made when they are asked for. Prints what was found.
// node --max-old-space-size=MIB memory-program many|line|lines|hidden

const mebibyte = 2 ** 20
const last = 'Get-Service'

/** The code of one hostile script. */
const hostile: Readonly<Record<string, () => string>> = {
  line: () => `${'x'.repeat(40 * mebibyte)}${last}`,
  lines: () => `${'get-item\n'.repeat(10 ** 6)}${last}`,
  hidden: () => `${'\u001b[31m\u200b\u202e'.repeat(10 ** 6)}${last}`,
}

async function main(kind: string): Promise<void> {
  const search = new CodeSearch()
  const count = kind === 'many' ? 120 : 1
  const scripts: StoredScript[] = Array.from({ length: count }, (_, at) => ({
    id: at + 1,
    title: `S${at + 1}`,
  }))
  const code = hostile[kind] ?? (() => `${'y'.repeat(mebibyte / 2)}\n${last}`)
  search.serve({
    scripts,
    export: (wanted) => ({
      body: JSON.stringify(wanted.map(({ id }) => ({ id, content: encoded(code()) }))),
    }),
  })
  const { structured, text } = await search.call({ contentMatch: last.toLowerCase(), pageSize: 200 })
  const [row] = structured?.rows ?? []
  const peakMiB = process.resourceUsage().maxRSS / 1024
  process.stdout.write(JSON.stringify({ text, row, peakMiB }))
}

await main(process.argv[2] ?? '')
