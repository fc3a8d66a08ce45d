import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { program } from '../../support/stdio/peers.ts'
import { awaitedId, cancelledId, complaintOf, isObject, lineOf } from './json-rpc-line.ts'
import type { SeededRandom } from './seeded-random.ts'

/** Longer than any answer of a working server takes on a busy machine. */
const patienceMs = 120_000
const maxComplaints = 20

type Message = Readonly<Record<string, unknown>>

/** Patterns of secrets that must not appear, by the name that is printed instead. */
export type Secrets = Readonly<Record<string, RegExp>>

const unhandled = /unhandled|uncaught|DeprecationWarning|MaxListeners|"unexpected"|FATAL ERROR|^\s+at /im

/** The built server with its two pipes, every line of which is checked. */
export class Peer {
  readonly #child: ChildProcessWithoutNullStreams
  readonly #random: SeededRandom
  readonly #secrets: Secrets
  readonly #asked = new Map<string, number>()
  /** Requests without an answer, by id. */
  readonly #unanswered = new Map<string, string>()
  readonly #waiting = new Map<string, (message: Message) => void>()
  readonly #ended: Promise<number | null>
  readonly complaints: string[] = []
  /** Lines of the server by what they are: `result`, `error -32601`, `notifications/progress`. */
  readonly received = new Map<string, number>()
  onRequest: (message: Message) => void = () => undefined
  onResult: (id: string, result: Message) => void = () => undefined

  constructor(env: Readonly<Record<string, string>>, random: SeededRandom, secrets: Secrets) {
    this.#random = random
    this.#secrets = secrets
    this.#child = spawn(process.execPath, ['--trace-warnings', program], { env })
    this.#ended = once(this.#child, 'close').then(([code]) => code as number | null)
    // Writing to a server that has ended is ignored here: its end is reported elsewhere.
    this.#child.stdin.on('error', () => undefined)
    this.#lines(this.#child.stdout, (line) => this.#readMessage(line))
    this.#lines(this.#child.stderr, (line) => this.#readStderr(line))
  }

  #report(what: string): void {
    if (this.complaints.length < maxComplaints) this.complaints.push(what)
  }

  /** Lines end at line feeds only: JSON may hold other line separators. */
  #lines(pipe: NodeJS.ReadableStream, take: (line: string) => void): void {
    let rest = ''
    pipe.setEncoding('utf8').on('data', (text: string) => {
      const lines = (rest + text).split('\n')
      rest = lines.pop() ?? ''
      for (const line of lines) take(line)
    })
    pipe.on('end', () => rest !== '' && this.#report(`the last line has no end: ${rest.slice(0, 200)}`))
  }

  #leaks(line: string, pipe: string): void {
    for (const [name, secret] of Object.entries(this.#secrets))
      if (secret.test(line)) this.#report(`${name} on ${pipe}: ${line.slice(0, 300)}`)
  }

  #readStderr(line: string): void {
    this.#leaks(line, 'stderr')
    if (unhandled.test(line)) this.#report(`stderr: ${line.slice(0, 600)}`)
  }

  #readMessage(line: string): void {
    this.#leaks(line, 'stdout')
    const complaint = complaintOf(line)
    if (complaint !== undefined) {
      this.#report(`stdout holds ${complaint}: ${line.slice(0, 200)}`)
      return
    }
    const message = JSON.parse(line) as Message
    const { method, error, result } = message
    const code = isObject(error) ? `error ${String(error['code'])}` : 'result'
    const kind = typeof method === 'string' ? method : code
    this.received.set(kind, (this.received.get(kind) ?? 0) + 1)
    if (typeof method === 'string') {
      if ('id' in message) this.onRequest(message)
      return
    }
    const id = JSON.stringify(message['id'])
    this.#waiting.get(id)?.(message)
    this.#unanswered.delete(id)
    // An answer to what could not be read has no id of its own.
    if (id === 'null') return
    const left = (this.#asked.get(id) ?? 0) - 1
    if (left < 0)
      this.#report(`${id.slice(0, 80)} is answered more often than it was asked: ${line.slice(0, 200)}`)
    this.#asked.set(id, left)
    if (isObject(result)) this.onResult(id, result)
  }

  #note(line: string): void {
    for (const id of lineOf(line).requestIds) this.#asked.set(id, (this.#asked.get(id) ?? 0) + 1)
    const id = awaitedId(line)
    if (id !== undefined) this.#unanswered.set(id, line)
    // A cancelled request needs no answer.
    this.#unanswered.delete(cancelledId(line) ?? '')
  }

  /** Waits for the answers that are missing. `keepTalking` answers the questions of the server meanwhile. */
  async settle(keepTalking: () => Promise<void>): Promise<void> {
    const deadline = Date.now() + patienceMs
    while (this.#unanswered.size > 0 && Date.now() < deadline && this.#child.exitCode === null) {
      await keepTalking()
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
    for (const [id, line] of this.#unanswered)
      this.#report(`${id.slice(0, 80)} is never answered: ${line.slice(0, 200)}`)
  }

  /** Writes one line, sometimes in parts; resolves when the pipe takes more. */
  async send(line: string | Buffer): Promise<void> {
    const bytes = Buffer.concat([typeof line === 'string' ? Buffer.from(line) : line, Buffer.from('\n')])
    // One written line may be several for the reader.
    for (const read of bytes.toString('utf8').split('\n')) this.#note(read)
    const cut = this.#random.chance(3) ? this.#random.below(bytes.length) : 0
    for (const part of cut > 0 ? [bytes.subarray(0, cut), bytes.subarray(cut)] : [bytes]) {
      if (this.#child.stdin.write(part) || this.#child.exitCode !== null) continue
      await Promise.race([once(this.#child.stdin, 'drain'), this.#ended])
    }
  }

  /** The answer to an own request; a server that is silent or has ended is an error. */
  async ask(id: string, method: string, params: object = {}): Promise<Message> {
    let timer: NodeJS.Timeout | undefined
    const key = JSON.stringify(id)
    const answer = new Promise<Message>((resolve, reject) => {
      this.#waiting.set(key, resolve)
      timer = setTimeout(() => reject(new Error(`${method} is not answered`)), patienceMs)
      this.#ended.then((code) => reject(new Error(`the server has ended with ${code}`)))
    })
    await this.send(JSON.stringify({ jsonrpc: '2.0', id, method, params }))
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

  /** Disconnects; the server must end soon and with code 0. */
  async end(): Promise<void> {
    this.#child.stdin.end()
    const timer = setTimeout(() => {
      this.#report('the server does not end when its client hangs up')
      this.#child.kill('SIGKILL')
    }, patienceMs)
    const code = await this.#ended
    clearTimeout(timer)
    if (code !== 0) this.#report(`the server ended with ${code}`)
  }
}
