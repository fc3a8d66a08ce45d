import { expect } from 'vitest'
import { processEnvironment } from '../../support/command-line/program.ts'
import { forms, yes } from '../../support/consent/raw-client.ts'
import { readAuditLines } from '../../support/effects/unattended.ts'
import { answerTo, effectCall, eventually, startCall, test } from '../../support/shutdown/servers.ts'
import { type Message, RawServer } from '../../support/stdio/raw-server.ts'

// A server that ends while a person is asked: nothing begins any more, and the audit log says so.

test.concurrent.for([
  ['SIGTERM', 'qualys-mcp is ending, so nothing was sent.'],
  ['SIGINT', 'qualys-mcp is ending, so nothing was sent.'],
  ['the end of stdin', 'the call ended while a person was asked'],
] as const)('%s while a question is open', async ([how, why], { environment, audit }) => {
  const server = new RawServer(processEnvironment(environment({ QUALYS_MODE: 'confirm' })))
  const questions: Message[] = []
  server.onRequest = (question) => questions.push(question)
  const clientInfo = { name: 'raw', version: '1' }
  await server.line('initialize', { protocolVersion: '2025-11-25', capabilities: forms, clientInfo })
  server.send({ jsonrpc: '2.0', method: 'notifications/initialized' })
  startCall(server, effectCall)
  await eventually(() => expect(questions).toHaveLength(1))
  if (how === 'the end of stdin') server.child.stdin.end()
  else server.child.kill(how)
  await eventually(() => expect(server.stderr).toContain('"msg":"ending"'))
  server.send({ jsonrpc: '2.0', id: questions[0]?.id, result: yes })
  const { code, out } = await server.ended
  expect(code).toBe(0)
  expect(JSON.stringify(answerTo(effectCall, out))).toMatch(
    /is ending, so nothing was sent|told to end before/,
  )
  const lines = readAuditLines(audit)
  expect(lines.map(({ event }) => event)).toEqual(['start', 'asked', 'asked', 'refused', 'end'])
  expect(lines[3]?.facts).toMatchObject({ why })
})
