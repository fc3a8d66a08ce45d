import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { program } from '../../support/stdio/peers.ts'
import type { Draw } from './draw.ts'
import { complaintOf, isObject, lineOf } from './line.ts'

/** Longer than any answer of a server that is well takes, on a machine that is busy. */
const patienceMs = 120_000
const mostComplaints = 20

type Message = Readonly<Record<string, unknown>>

/** What somebody may not say, under the name that is told instead of it. */
export type Secrets = Readonly<Record<string, RegExp>>

const unhandled = /unhandled|uncaught|DeprecationWarning|MaxListeners|"unexpected"|FATAL ERROR|^\s+at /im

/** The built server with its two pipes, at the other end of which everything is looked at. */
export class Peer {
  readonly #child: ChildProcessWithoutNullStreams
  readonly #draw: Draw
  readonly #secrets: Secrets
  readonly #asked = new Map<string, number>()
  readonly #waiting = new Map<string, (message: Message) => void>()
  readonly #ended: Promise<number | null>
  readonly complaints: string[] = []
  /** Lines of the server by what they are: `result`, `error -32601`, `notifications/progress`. */
  readonly heard = new Map<string, number>()
  onRequest: (message: Message) => void = () => undefined
  onResult: (id: string, result: Message) => void = () => undefined

  constructor(env: Readonly<Record<string, string>>, draw: Draw, secrets: Secrets) {
    this.#draw = draw
    this.#secrets = secrets
    this.#child = spawn(process.execPath, ['--trace-warnings', program], { env })
    this.#ended = once(this.#child, 'close').then(([code]) => code as number | null)
    // Writing to a server that has ended is no news: that it has ended is.
    this.#child.stdin.on('error', () => undefined)
    this.#lines(this.#child.stdout, (line) => this.#hear(line))
    this.#lines(this.#child.stderr, (line) => this.#overhear(line))
  }

  #complain(what: string): void {
    if (this.complaints.length < mostComplaints) this.complaints.push(what)
  }

  /** Lines end at line feeds alone: JSON may hold what other readers take for ends. */
  #lines(pipe: NodeJS.ReadableStream, take: (line: string) => void): void {
    let rest = ''
    pipe.setEncoding('utf8').on('data', (text: string) => {
      const lines = (rest + text).split('\n')
      rest = lines.pop() ?? ''
      for (const line of lines) take(line)
    })
    pipe.on('end', () => rest !== '' && this.#complain(`the last line has no end: ${rest.slice(0, 200)}`))
  }

  #leaks(line: string, pipe: string): void {
    for (const [name, secret] of Object.entries(this.#secrets))
      if (secret.test(line)) this.#complain(`${name} on ${pipe}: ${line.slice(0, 300)}`)
  }

  #overhear(line: string): void {
    this.#leaks(line, 'stderr')
    if (unhandled.test(line)) this.#complain(`stderr: ${line.slice(0, 600)}`)
  }

  #hear(line: string): void {
    this.#leaks(line, 'stdout')
    const complaint = complaintOf(line)
    if (complaint !== undefined) {
      this.#complain(`stdout holds ${complaint}: ${line.slice(0, 200)}`)
      return
    }
    const message = JSON.parse(line) as Message
    const { method, error, result } = message
    const code = isObject(error) ? `error ${String(error['code'])}` : 'result'
    const kind = typeof method === 'string' ? method : code
    this.heard.set(kind, (this.heard.get(kind) ?? 0) + 1)
    if (typeof method === 'string') {
      if ('id' in message) this.onRequest(message)
      return
    }
    const id = JSON.stringify(message['id'])
    this.#waiting.get(id)?.(message)
    // An answer to what could not be read has no id of its own.
    if (id === 'null') return
    const left = (this.#asked.get(id) ?? 0) - 1
    if (left < 0)
      this.#complain(`${id.slice(0, 80)} is answered more often than it was asked: ${line.slice(0, 200)}`)
    this.#asked.set(id, left)
    if (isObject(result)) this.onResult(id, result)
  }

  /** Writes one line, sometimes in parts; resolves when the pipe takes more. */
  async say(line: string | Buffer): Promise<void> {
    const bytes = Buffer.concat([typeof line === 'string' ? Buffer.from(line) : line, Buffer.from('\n')])
    // What is meant as one may be several to whoever reads it.
    for (const read of bytes.toString('utf8').split('\n'))
      for (const id of lineOf(read).asked) this.#asked.set(id, (this.#asked.get(id) ?? 0) + 1)
    const cut = this.#draw.chance(3) ? this.#draw.below(bytes.length) : 0
    for (const part of cut > 0 ? [bytes.subarray(0, cut), bytes.subarray(cut)] : [bytes]) {
      if (this.#child.stdin.write(part) || this.#child.exitCode !== null) continue
      await Promise.race([once(this.#child.stdin, 'drain'), this.#ended])
    }
  }

  /** The answer to a request of one's own; a server that is silent or has ended is an error. */
  async ask(id: string, method: string, params: object = {}): Promise<Message> {
    let timer: NodeJS.Timeout | undefined
    const key = JSON.stringify(id)
    const answer = new Promise<Message>((resolve, reject) => {
      this.#waiting.set(key, resolve)
      timer = setTimeout(() => reject(new Error(`${method} is not answered`)), patienceMs)
      this.#ended.then((code) => reject(new Error(`the server has ended with ${code}`)))
    })
    await this.say(JSON.stringify({ jsonrpc: '2.0', id, method, params }))
    return answer.finally(() => {
      clearTimeout(timer)
      this.#waiting.delete(key)
    })
  }

  /** Bytes of memory that the server has; undefined where the system does not tell. */
  async memory(): Promise<number | undefined> {
    const text = await readFile(`/proc/${this.#child.pid}/status`, 'utf8').catch(() => '')
    const kilobytes = /^VmRSS:\s+(\d+)/m.exec(text)?.[1]
    return kilobytes === undefined ? undefined : Number(kilobytes) * 1024
  }

  /** Hangs up; how the server ended is a complaint unless it ended well and soon. */
  async end(): Promise<void> {
    this.#child.stdin.end()
    const timer = setTimeout(() => {
      this.#complain('the server does not end when its client hangs up')
      this.#child.kill('SIGKILL')
    }, patienceMs)
    const code = await this.#ended
    clearTimeout(timer)
    if (code !== 0) this.#complain(`the server ended with ${code}`)
  }
}
