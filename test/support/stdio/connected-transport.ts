import { PassThrough } from 'node:stream'
import { StdioTransport } from '../../../src/tools/server/stdio-transport.ts'

export type Message = Record<string, unknown>

/** A transport with its two pipes, the messages it received, and the replies. */
export async function connected() {
  const [from, to] = [new PassThrough(), new PassThrough()]
  const line = new StdioTransport(from, to)
  const messages: Message[] = []
  const errors: string[] = []
  let closed = 0
  line.onmessage = (message) => messages.push(message as unknown as Message)
  line.onerror = (error) => errors.push(error.message)
  line.onclose = () => {
    closed++
  }
  const hungUp = line.closed()
  await line.start()
  /** Writes text, and waits until it was read. */
  const say = async (text: string | Buffer): Promise<void> => {
    from.write(text)
    await new Promise(setImmediate)
  }
  const answers = (): Message[] =>
    String(to.read() ?? '')
      .split('\n')
      .filter((text) => text !== '')
      .map((text) => JSON.parse(text))
  return { from, to, line, messages, errors, closed: () => closed, hungUp, say, answers }
}
