import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { promisify } from 'node:util'
import { countTokens } from '../token-counter.ts'
import { root } from './repository.ts'
import { columns, type Picture } from './svg.ts'
import { aligned, type Line, line, piece } from './terminal.ts'

// The picture of the demo: what `npm run demo` prints, from the act and under the titles named here.
//
// The demo runs on the embedded sandbox, whose data and clock begin at a fixed time, so that it prints the same each
// time, but for three things, which are changed by rule:
// - the marks around text of hosts are random: here they are made from the text itself;
// - the number of tokens depends on these marks: it is counted anew, by the same counter;
// - progress depends on the speed of the machine: these lines are left out.
// Cells of a table are separated by tabs: they are put below each other. `…` stands for other parts of the demo.

const act = '1'
const titles = ['The newest runs', 'On which hosts did the newest run fail, and what did they print?']

/** The output of the act; `--source` runs the server from its source, built or not. */
async function demoOutput(): Promise<string> {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['--import', 'tsx', 'test/programs/demo.ts', '--act', act, '--source'],
    { cwd: root, env: { ...process.env, NO_COLOR: '1' }, maxBuffer: 16 * 1024 * 1024, timeout: 120_000 },
  )
  return stdout
}

/** The lines below a title, up to the next one. */
function sectionOf(output: string, title: string): string[] {
  const lines = output.split('\n')
  const from = lines.indexOf(`# ${title}`)
  if (from < 0) throw new Error(`The demo prints no "# ${title}" in act ${act}: name another title here.`)
  const to = lines.findIndex((text, at) => at > from && text.startsWith('# '))
  return lines.slice(from + 1, to < 0 ? undefined : to).filter((text) => !/^ {2}… \d/.test(text))
}

const markOf = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 8)

const withStableMarks = (reply: string): string =>
  reply.replace(
    /^<<([0-9a-f]{8})\n([\s\S]*?)\n\1>>$/gm,
    (_whole, _mark: string, text: string) => `<<${markOf(text)}\n${text}\n${markOf(text)}>>`,
  )

/** A question with its answer, as the demo prints it. */
interface Exchange {
  readonly title: string
  readonly call: string
  readonly reply: string
  readonly tokens: number
}

function exchangeOf(output: string, title: string): Exchange {
  const [call = '', ...lines] = sectionOf(output, title)
  const end = lines.findLastIndex((text) => /^\(\d+ tokens\)$/.test(text))
  const printed = lines.slice(0, end).join('\n')
  const printedTokens = Number(/\d+/.exec(lines[end] ?? '')?.[0])
  if (!call.startsWith('> ') || printedTokens !== countTokens(printed))
    throw new Error(`The demo prints "# ${title}" in a form that the picture of it does not know.`)
  const reply = withStableMarks(printed)
  return { title, call: call.slice(2), reply, tokens: countTokens(reply) }
}

const origin = 'sandbox: '

function replyLine(text: string): Line {
  if (text.startsWith(origin)) return [piece(origin, 'dim'), piece(text.slice(origin.length))]
  return line(text, /^(<<|[0-9a-f]{8}>>$|More: |Between << )/.test(text) ? 'dim' : 'plain')
}

function replyLines(reply: string): Line[] {
  const lines = reply.split('\n')
  const shown: Line[] = []
  for (let at = 0; at < lines.length; at++) {
    const text = lines[at] ?? ''
    const rest = lines.slice(at).findIndex((row) => !row.includes('\t'))
    if (rest > 0) {
      const [head = '', ...rows] = aligned(lines.slice(at, at + rest), columns)
      shown.push(line(head, 'strong'), ...rows.map((row) => line(row)))
      at += rest - 1
    } else shown.push(replyLine(text))
  }
  return shown
}

function exchangeLines({ title, call, reply, tokens }: Exchange): Line[] {
  const [tool = '', ...args] = call.split(' ')
  return [
    line('…', 'dim'),
    line(`# ${title}`, 'title'),
    [piece('> ', 'prompt'), piece(tool, 'strong'), piece(` ${args.join(' ')}`)],
    ...replyLines(reply),
    line(`(${tokens} tokens)`, 'dim'),
  ]
}

export async function demoPicture(): Promise<Picture> {
  const output = await demoOutput()
  const exchanges = titles.map((title) => exchangeOf(output, title))
  return {
    title: 'What an assistant sees of qualys-mcp',
    description: `Part of the output of npm run demo: ${exchanges
      .map(({ title, call, reply }) => `"${title}" calls ${call.split(' ')[0]}: ${reply.split('\n')[0]}`)
      .join('; ')}.`,
    caption: 'qualys-mcp: demo',
    lines: [
      [piece('$ ', 'prompt'), piece('npm run demo')],
      ...exchanges.flatMap(exchangeLines),
      line('…', 'dim'),
    ],
  }
}
