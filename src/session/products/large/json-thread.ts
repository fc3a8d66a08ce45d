import { Worker } from 'node:worker_threads'
import { TooLargeError } from '../../../shared/errors.ts'
import { isObject } from '../../../shared/json.ts'
import { Turns } from '../../../shared/turns/turns.ts'
import { noteLeftOut } from '../../records/row-bounds.ts'
import { bodyOf, type Form, listIn } from './forms.ts'
import type { FromWorker, ToWorker } from './messages.ts'
import type { Reading, Slice } from './slices.ts'

/** A thread that is not used ends after this time. */
const idleMs = 10_000

/** The worst answers of 64 MiB take more, and are refused: so many objects would not fit the main thread either. */
const maxHeapMb = 1_024

/** Loads the source of the thread's program: Node 20 reads no TypeScript, and takes no loader for a thread's first file. */
function sourceLoader(url: string): URL {
  const api = import.meta.resolve('tsx/esm/api')
  const source = new URL('./json-worker.ts', url).href
  const program = `const { register } = await import(${JSON.stringify(api)}); register(); await import(${JSON.stringify(source)})`
  return new URL(`data:text/javascript,${encodeURIComponent(program)}`)
}

/** The program of the thread: json-worker.js beside main.js, whose chunks have a folder; from sources, the source. */
function programOfThread(): URL {
  const { url } = import.meta
  if (url.endsWith('.ts')) return sourceLoader(url)
  return new URL(
    new URL('.', url).pathname.endsWith('/chunks/') ? '../json-worker.js' : './json-worker.js',
    url,
  )
}

/** Starts the thread, without the environment: it holds secrets. */
const startWorker = (): Worker =>
  new Worker(programOfThread(), {
    resourceLimits: { maxOldGenerationSizeMb: maxHeapMb },
    env: {},
    execArgv: [],
  })

const threadError = (): TooLargeError =>
  new TooLargeError(
    'The answer cannot be read: the thread that reads large answers ended, perhaps for want of memory.',
    'Ask for fewer rows, or without outputs.',
  )

/** Puts an answer together from what the thread posts. */
class Assembly {
  readonly #form: Form
  #list: unknown[] | undefined
  answer: unknown

  constructor(form: Form) {
    this.#form = form
  }

  begin({ answer, leftOut }: Extract<FromWorker, { answer: unknown }>): void {
    this.answer = answer
    this.#list = listIn(answer, this.#form)
    const body = bodyOf(answer)
    if (leftOut && isObject(body)) noteLeftOut(body, leftOut)
  }

  add({ rows, leftOut }: Slice): void {
    for (const row of rows) this.#list?.push(row)
    for (const [at, what] of leftOut) {
      const row = rows[at]
      if (!isObject(row)) continue
      noteLeftOut(row, what)
      // The record of `{sortValues, data}` is what is read as a row.
      if (isObject(row['data'])) noteLeftOut(row['data'], what)
    }
  }
}

/**
 * Reads large answers in a thread, one at a time. The thread starts at the first of them, does not keep the process
 * alive unless it reads, and ends when it is not used.
 */
export class JsonThread {
  readonly #start: () => Worker
  #worker: Worker | undefined
  #last: Promise<unknown> = Promise.resolve()
  #idle: NodeJS.Timeout | undefined

  constructor(start: () => Worker = startWorker) {
    this.#start = start
  }

  /**
   * The value that parsing in place gives, but for what is beyond the bounds of a row. Throws a TooLargeError if the
   * thread ends, and the signal's reason if it is aborted.
   */
  read(bytes: Uint8Array, reading: Reading, signal?: AbortSignal): Promise<unknown> {
    const answer = this.#last.then(() => this.#readNow(bytes, reading, signal))
    this.#last = answer.catch(() => undefined)
    return answer
  }

  #readNow(bytes: Uint8Array, reading: Reading, signal: AbortSignal | undefined): Promise<unknown> {
    signal?.throwIfAborted()
    clearTimeout(this.#idle)
    const worker = this.#running()
    const post = (message: ToWorker): void => worker.postMessage(message)
    const assembly = new Assembly(reading.form)
    const turns = new Turns()
    const ask = (): void => post('next')
    const askNextTurn = async (): Promise<void> => {
      await turns.next()
      ask()
    }
    worker.ref()
    const { promise, resolve, reject } = withResolvers()
    const onMessage = (message: FromWorker): void => {
      if (message === 'end') {
        resolve(assembly.answer)
        return
      }
      // Asked for before this one is taken in, so that the thread is not idle meanwhile. A port hands on a message that
      // has come in the same turn: after a long one, the next is asked for in another turn.
      if (turns.isOver) void askNextTurn()
      else ask()
      if ('answer' in message) assembly.begin(message)
      else assembly.add(message.slice)
    }
    const onEnd = (): void => reject(threadError())
    const onAbort = (): void => reject(signal?.reason)
    worker.on('message', onMessage).on('error', onEnd).on('exit', onEnd)
    signal?.addEventListener('abort', onAbort, { once: true })
    post({ bytes, reading })
    return promise
      .catch((error: unknown) => {
        // What it is still at is of no use.
        this.#worker = undefined
        void worker.terminate()
        throw error
      })
      .finally(() => {
        signal?.removeEventListener('abort', onAbort)
        worker.off('message', onMessage).off('error', onEnd).off('exit', onEnd)
        worker.unref()
        this.#idle = setTimeout(() => this.#endIdle(), idleMs).unref()
      })
  }

  /** The thread, started if there is none or it has ended. */
  #running(): Worker {
    if (this.#worker) return this.#worker
    const worker = this.#start()
    this.#worker = worker
    const forget = (): void => {
      if (this.#worker === worker) this.#worker = undefined
    }
    worker.on('error', forget).on('exit', forget)
    return worker
  }

  #endIdle(): void {
    void this.#worker?.terminate()
    this.#worker = undefined
  }
}

interface Resolvers {
  readonly promise: Promise<unknown>
  readonly resolve: (value: unknown) => void
  readonly reject: (reason: unknown) => void
}

function withResolvers(): Resolvers {
  let resolve: Resolvers['resolve'] = () => undefined
  let reject: Resolvers['reject'] = () => undefined
  const promise = new Promise<unknown>((onValue, onError) => {
    resolve = onValue
    reject = onError
  })
  return { promise, resolve, reject }
}
