import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { stripVTControlCharacters } from 'node:util'
import { root } from './repository.ts'
import type { Picture } from './svg.ts'
import { type Line, line, piece } from './terminal.ts'

// The picture of a preview: an effect is called on the embedded sandbox by `qualys-mcp call`, and approved by
// `qualys-mcp approve` in a pseudo terminal, as a person does where the client cannot ask. The output is drawn
// unchanged except for the code, which is random: a fixed code replaces it.

type Pty = typeof import('@lydell/node-pty')

/** Undefined where there is no prebuilt binary for this machine. */
const pty: Pty | undefined = await import('@lydell/node-pty').then(
  (module) => (typeof module.spawn === 'function' ? module : undefined),
  () => undefined,
)

const tool = 'car_execute_script'
const args = {
  scriptId: 90650,
  assetIds: [21789634, 21789714, 21789788],
  rebootAfterScriptExecution: true,
}

const steadyCode = '7KQ4-M2XP'
const question = 'Type yes to let it run once, anything else to decline: '
const answer = 'yes'

const program = ['--import', 'tsx', 'src/main.ts']

/** Makes the call, and returns the code under which it is pending. */
async function waitingCall(env: Readonly<Record<string, string>>): Promise<string> {
  const command = [...program, 'call', tool, JSON.stringify(args), '--sandbox']
  const printed = await new Promise<string>((resolve) => {
    // A pending call is a refusal, so that the program does not exit with 0.
    execFile(process.execPath, command, { cwd: root, env, timeout: 60_000 }, (_error, stdout, stderr) =>
      resolve(stdout + stderr),
    )
  })
  const [, code] = / approve ([2-9A-Z]{4}-[2-9A-Z]{4})[` ]/.exec(printed) ?? []
  if (code === undefined) throw new Error(`The call waits for nobody: ${printed}`)
  return code
}

/** What a person who approves the call sees in a terminal. */
async function approveInTerminal(
  { spawn }: Pty,
  code: string,
  env: Readonly<Record<string, string>>,
): Promise<string> {
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

/** Undefined on a machine that has no pseudo terminal. */
export async function previewPicture(): Promise<Picture | undefined> {
  if (!pty) return undefined
  const home = mkdtempSync(join(tmpdir(), 'qualys-docs-'))
  // Neither the settings nor the state folder of the user who runs this.
  const env = { PATH: process.env['PATH'] ?? '', HOME: home, QUALYS_STATE_DIR: home }
  try {
    const code = await waitingCall(env)
    const seen = (await approveInTerminal(pty, code, env)).replaceAll(code, steadyCode)
    return {
      title: 'A person approves a run of a script',
      description: `qualys-mcp approve in a terminal: ${seen.replaceAll(/\s+/g, ' ')}`,
      caption: 'qualys-mcp: approve',
      lines: [
        [piece('$ ', 'prompt'), piece(`qualys-mcp approve ${steadyCode}`)],
        ...seen.split('\n').map(styled),
      ],
    }
  } finally {
    rmSync(home, { recursive: true })
  }
}
