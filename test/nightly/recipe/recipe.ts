import { execFileSync, spawnSync } from 'node:child_process'
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { type Edit, editedText, type Part, partsOf } from './page.ts'

// The pages about adding an operation and an effect, tried on a copy of the tree: with every part all tests are
// green; without one part of each page, each sentence that the pages print is said by one test, and no other fails.
// `--only TEXT` runs the rounds that leave out a part with this text in its title.

const root = fileURLToPath(new URL('../../..', import.meta.url))
const pages = ['adding-an-operation', 'adding-an-effect'].map((name) => ({
  name,
  parts: partsOf(join(root, 'docs/contributing', `${name}.md`)),
}))
/** Most files that a new operation touches by hand. */
const mostFiles = 6

/** A copy of the files in the repository, without what git ignores. */
function copyTree(): string {
  const tree = mkdtempSync(join(tmpdir(), 'recipe-'))
  const listed = execFileSync('git', ['ls-files', '-co', '--exclude-standard', '-z'], {
    cwd: root,
    encoding: 'utf8',
  })
  for (const file of listed.split('\0').filter((name) => name !== '' && existsSync(join(root, name)))) {
    mkdirSync(dirname(join(tree, file)), { recursive: true })
    cpSync(join(root, file), join(tree, file))
  }
  symlinkSync(join(root, 'node_modules'), join(tree, 'node_modules'))
  // The programs that write the documentation ask git for its files.
  execFileSync('git', ['init', '-q'], { cwd: tree })
  return tree
}

function applyEdit(tree: string, edit: Edit): void {
  const path = join(tree, edit.file)
  writeFileSync(path, editedText(edit.place ? readFileSync(path, 'utf8') : '', edit))
}

function runCommand(tree: string, [name = '', ...args]: readonly string[]): void {
  const { status, stdout, stderr } = spawnSync(name, args, { cwd: tree, encoding: 'utf8' })
  if (status !== 0) throw new Error(`${name} ${args.join(' ')} failed:\n${stdout}${stderr}`)
}

/** The messages of the tests that fail. */
function failuresIn(tree: string): readonly string[] {
  const report = join(tree, 'report.json')
  const args = [
    'vitest',
    'run',
    '--project',
    'unit',
    '--project',
    'integration',
    '--reporter=json',
    `--outputFile=${report}`,
  ]
  const { stdout, stderr } = spawnSync('npx', args, { cwd: tree, encoding: 'utf8' })
  if (!existsSync(report)) throw new Error(`The tests did not run:\n${stdout}${stderr}`)
  const { testResults } = JSON.parse(readFileSync(report, 'utf8')) as {
    testResults: {
      name: string
      message: string
      assertionResults: { status: string; fullName: string; failureMessages: string[] }[]
    }[]
  }
  return testResults.flatMap(({ name, message, assertionResults }) => {
    const failed = assertionResults.filter(({ status }) => status === 'failed')
    if (failed.length === 0 && message !== '') return [`${name}: ${message}`]
    return failed.map(
      ({ fullName, failureMessages }) => `${name} > ${fullName}: ${failureMessages.join('\n')}`,
    )
  })
}

const lineOf = (command: readonly string[]): string => command.join(' ')
const allParts = pages.flatMap(({ parts }) => parts)

/** What is left out at a time: one part of each page, and at last what one command writes for both. */
function rounds(): readonly (readonly Part[])[] {
  const written = pages.map(({ parts }) =>
    parts.filter(({ sentence, commands }) => sentence !== undefined && commands.length === 0),
  )
  const most = Math.max(...written.map(({ length }) => length))
  const commands = new Set(allParts.flatMap((part) => part.commands.map(lineOf)))
  return [
    ...Array.from({ length: most }, (_, round) => written.flatMap((parts) => parts[round] ?? [])),
    ...[...commands].map((line) => allParts.filter((part) => part.commands.map(lineOf).includes(line))),
  ]
}

/** What a tree with every part has to pass besides its tests. */
const checks = ['npx tsc', 'npx biome check --error-on-warnings .', 'npx tsx test/programs/docs.ts --check']

/** Runs all tests without these parts. Commands come last: they write what follows from the parts of both pages. */
function tryWithout(left: readonly Part[]): readonly string[] {
  const tree = copyTree()
  try {
    const parts = allParts.filter((part) => !left.includes(part))
    for (const edit of parts.flatMap(({ edits }) => edits)) applyEdit(tree, edit)
    const commands = new Map(parts.flatMap((part) => part.commands.map((one) => [lineOf(one), one])))
    for (const command of commands.values()) runCommand(tree, command)
    if (left.length === 0) for (const check of checks) runCommand(tree, check.split(' '))
    return failuresIn(tree)
  } finally {
    rmSync(tree, { recursive: true, force: true })
  }
}

/** What is wrong: sentences that no test or several tests say, and other failures. */
function complaintsAbout(failures: readonly string[], sentences: readonly string[]): string[] {
  return [
    ...sentences.flatMap((sentence) => {
      const saying = failures.filter((failure) => failure.includes(sentence)).length
      return saying === 1 ? [] : [`${saying} tests say: ${sentence}`]
    }),
    ...failures.filter((failure) => !sentences.some((sentence) => failure.includes(sentence))),
  ]
}

function report(title: string, complaints: readonly string[]): boolean {
  console.log(`${complaints.length === 0 ? 'PASS' : 'FAIL'} ${title}`)
  for (const complaint of complaints.slice(0, 20)) console.log(`  ${complaint.split('\n')[0]?.slice(0, 400)}`)
  if (complaints.length > 20) console.log(`  and ${complaints.length - 20} more`)
  return complaints.length === 0
}

function main(): boolean {
  const results = pages.map(({ name, parts }) => {
    const files = new Set(parts.flatMap(({ edits }) => edits.map(({ file }) => file)))
    const tooMany = files.size > mostFiles ? [`it touches ${files.size} files: ${[...files].join(', ')}`] : []
    return report(`${name}: at most ${mostFiles} files by hand`, tooMany)
  })
  const { only } = parseArgs({ options: { only: { type: 'string' } } }).values
  const isWanted = ({ title }: Part): boolean => only === undefined || title.includes(only)
  if (only === undefined) results.push(report('with every part', complaintsAbout(tryWithout([]), [])))
  for (const left of rounds().filter((parts) => parts.some(isWanted))) {
    const sentences = [...new Set(left.map(({ sentence = '' }) => sentence))]
    const title = `without: ${left.map((part) => part.title).join('; ')}`
    results.push(report(title, complaintsAbout(tryWithout(left), sentences)))
  }
  return results.every(Boolean)
}

process.exitCode = main() ? 0 : 1
