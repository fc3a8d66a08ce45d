import { once } from 'node:events'
import { PassThrough } from 'node:stream'
import type { Environment } from '../../../src/config/settings.ts'
import { serve } from '../../../src/tools/server/stdio.ts'
import { buildServerParts } from '../assistant.ts'
import type { Message } from './answer.ts'
import type { Revision } from './client.ts'
import { envelope } from './client.ts'

/** The answer of a server over stdio to one odd line, after a client of this revision has begun. */
export async function stdioAnswer(
  environment: Environment,
  revision: Revision,
  line: string | Buffer,
): Promise<Message> {
  const { options, close } = buildServerParts(environment)
  const [input, output] = [new PassThrough(), new PassThrough()]
  const connection = serve(options, input, output)
  const next = async (): Promise<Message> => JSON.parse(String((await once(output, 'data'))[0]))
  const clientInfo = { name: 'by hand', version: '1' }
  const first =
    revision === '2026-07-28'
      ? { method: 'server/discover', params: { _meta: envelope() } }
      : { method: 'initialize', params: { protocolVersion: revision, capabilities: {}, clientInfo } }
  input.write(`${JSON.stringify({ jsonrpc: '2.0', id: 'first', ...first })}\n`)
  await next()
  input.write(Buffer.concat([Buffer.from(line), Buffer.from('\n')]))
  const answer = await next()
  await connection.close()
  await close()
  return answer
}
