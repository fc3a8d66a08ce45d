import { stripVTControlCharacters } from 'node:util'
import { root } from './repository.ts'
import type { Picture } from './svg.ts'
import { type Line, line, piece } from './terminal.ts'
import { program, steadyCode, type WaitingCall } from './waiting-call.ts'

// The picture of a preview: a call is approved by `qualys-mcp approve` in a pseudo terminal. The output is drawn unchanged
// except for the code, which is random: a fixed code replaces it.

type Pty = typeof import('@lydell/node-pty')

/** Undefined where there is no prebuilt binary for this machine. */
const pty: Pty | undefined = await import('@lydell/node-pty').then(
  (module) => (typeof module.spawn === 'function' ? module : undefined),
  () => undefined,
)

const question = 'Type yes to let it run once, anything else to decline: '
const answer = 'yes'

/** What a person who approves the call sees in a terminal. */
async function approveInTerminal({ spawn }: Pty, { code, env }: WaitingCall): Promise<string> {
  const terminal = spawn(process.execPath, [...program, 'approve', code], {
    cwd: root,
    env: { ...env },
    cols: 200,
    rows: 60,
  })
  const tooLate = setTimeout(() => terminal.kill(), 60_000)
  let raw = ''
  const seen = (): string => stripVTControlCharacters(raw).replaceAll('\r', '')
  let answered = false
  terminal.onData((data) => {
    raw += data
    if (answered || !seen().endsWith(question)) return
    answered = true
    terminal.write(`${answer}\r`)
  })
  await new Promise<void>((resolve) => terminal.onExit(() => resolve()))
  clearTimeout(tooLate)
  if (!seen().includes(`${question}${answer}\nApproved: `))
    throw new Error(`The call was not approved: ${seen()}`)
  return seen().trimEnd()
}

function styled(text: string): Line {
  if (text.startsWith('! ')) return line(text, 'warning')
  if (text.startsWith(question)) return [piece(question), piece(text.slice(question.length), 'good')]
  if (text.startsWith('Approved: ')) return line(text, 'good')
  if (text.startsWith('An assistant wants')) return line(text, 'strong')
  const [, name, value] = /^( *[\w ]+:)( .+)$/.exec(text) ?? []
  return name === undefined || value === undefined ? line(text) : [piece(name, 'dim'), piece(value)]
}

/** What a person sees who approves this call; undefined on a machine that has no pseudo terminal. */
export async function previewPicture(call: WaitingCall): Promise<Picture | undefined> {
  if (!pty) return undefined
  const seen = (await approveInTerminal(pty, call)).replaceAll(call.code, steadyCode)
  return {
    title: 'A person approves a run of a script',
    description: `qualys-mcp approve in a terminal: ${seen.replaceAll(/\s+/g, ' ')}`,
    caption: 'qualys-mcp: approve',
    lines: [
      [piece('$ ', 'prompt'), piece(`qualys-mcp approve ${steadyCode}`)],
      ...seen.split('\n').map(styled),
    ],
  }
}
