import { execFileSync } from 'node:child_process'
import { parseArgs } from 'node:util'

// Lines of src without blank lines and comments: npm run lines [-- --since REVISION]

/** The lines of a text that hold code. The formatter puts every comment on lines of its own. */
function codeLines(text: string): number {
  const withoutBlocks = text.replace(/^[ \t]*\/\*[\s\S]*?\*\/[ \t]*$/gm, '')
  return withoutBlocks.split('\n').filter((line) => !/^\s*(\/\/.*)?$/.test(line)).length
}

const git = (...args: readonly string[]): string =>
  execFileSync('git', args, { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 })

/** Lines by the folder below src, at a revision. */
function linesAt(revision: string): Map<string, number> {
  const files = git('ls-tree', '-r', '--name-only', revision, 'src').split('\n')
  const lines = new Map<string, number>()
  for (const file of files.filter((name) => name.endsWith('.ts'))) {
    const folder = file.split('/').slice(0, 2).join('/')
    lines.set(folder, (lines.get(folder) ?? 0) + codeLines(git('show', `${revision}:${file}`)))
  }
  return lines
}

const sum = (lines: ReadonlyMap<string, number>): number => [...lines.values()].reduce((all, n) => all + n, 0)

function main(): void {
  const { values } = parseArgs({ options: { since: { type: 'string' } } })
  const now = linesAt('HEAD')
  for (const [folder, lines] of [...now].sort()) console.log(`${String(lines).padStart(7)}  ${folder}`)
  console.log(`${String(sum(now)).padStart(7)}  src at HEAD`)
  if (values.since === undefined) return
  const before = sum(linesAt(values.since))
  console.log(`${String(before).padStart(7)}  src at ${values.since}, a difference of ${sum(now) - before}`)
}

main()
