import { type Circumstances, type Figure, markdownTable } from './table.ts'

/** The last section of the page is written by people. */
const lastHeading = '## What was tried and refused'

/** What people wrote in the last section of the page; empty where there is none. */
export function keptText(page: string): string {
  const from = page.indexOf(lastHeading)
  return from < 0 ? '' : page.slice(from + lastHeading.length).trim()
}

/** docs/performance.md, with what people wrote on the page that it replaces. */
export function performancePage(
  { date, node, machine, quick }: Circumstances,
  figures: readonly Figure[],
  before: string,
): string {
  const numbers = quick
    ? 'This was a quick run: fewer rounds, and at most 100,000 rows.'
    : 'Each line names its number of rows; the largest has 1,000,000.'
  return `# Performance

Written by \`npm run bench -- --write\` on ${date}, with Node ${node} on a machine with ${machine}. ${numbers}

Every task is compared with a baseline on the same machine: a small program (\`test/bench/bare\`) that does the same with plain \`fetch\` or undici, \`JSON.parse\` or saxes, and \`JSON.stringify\`. Ours, the baseline, the baseline and ours run in turn, each in a process of its own, on a sandbox in another process. Times are medians of wall time; CPU time stands in brackets. Memory is RSS, and 1 MB is 10^6 bytes.

${markdownTable(figures)}

Walking more rows must not take more memory than it takes to fill Node's young generation once: up to 60 MB count as flat. The digest has no goal: it is compared with its last figure only.

## Run it

- \`npm run bench\` measures everything, and takes about seven minutes. \`-- --quick\` takes about a minute: fewer rounds, without 1,000,000 rows and without the digest.
- \`npm run bench digest\` runs one part, and prints its details. \`npm run bench -- --help\` names the parts.
- \`--json\` prints the table as JSON. \`--write\` writes this page.
- \`--store\` stores the figures (\`test/bench/stored.json\`); \`--compare\` fails if one is clearly worse than stored: ratios and tokens by more than a quarter, memory by more than a quarter and 15 MB, milliseconds by more than twice and 0.5 ms. A figure within half of its goal never fails. The nightly tests compare.

${lastHeading}

${keptText(before)}
`
}
