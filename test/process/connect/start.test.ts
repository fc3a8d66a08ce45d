import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { runProgram } from '../../support/command-line/program.ts'
import { temporaryFolder } from '../../support/connect/folder.ts'
import { RawServer } from '../../support/stdio/raw-server.ts'

// How `connect` starts and ends.

const away = 'http://localhost:9/mcp'

test.each([
  [[], /^qualys-mcp: Name the address of the service: /],
  [['https://a.example.com', 'b'], /^qualys-mcp: Too many arguments: /],
  [['qualys-mcp.example.com'], /must begin with https:\/\//],
  [['http://qualys-mcp.example.com/mcp'], /would get the token without TLS/],
  [['https://canary:canary@example.com/mcp'], /since others can read a command line/],
  [[away, '--token', 'canary'], /There is no flag --token/],
  [[away, '--token-file', '/nowhere/canary'], /\(--token-file\) names cannot be read: check the path/],
  [[away, '--token-file', 'canary'], /QUALYS_CONNECT_TOKEN_FILE must be a full path/],
  [[away, '--token-file', '/dev/null', '--client-id', 'x'], /keep the file with a token, or the client id/],
])('%j stops the start with one sentence', async (args, sentence) => {
  const { code, stdout, stderr } = await runProgram(['connect', ...args], { HOME: temporaryFolder() })
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
  expect(stderr).toMatch(sentence)
  expect(stderr.trim().split('\n')).toHaveLength(1)
  expect(stderr).not.toContain('canary')
})

test('the variables mean the same as the flags, and a flag wins', async () => {
  const file = join(temporaryFolder(), 'token')
  writeFileSync(file, 'canary-token', { mode: 0o600 })
  const environment = { HOME: temporaryFolder(), QUALYS_CONNECT_TOKEN_FILE: '/nowhere' }
  const refused = await runProgram(['connect', away], environment)
  expect(refused.stderr).toMatch(/names cannot be read/)
  const { code, stderr } = await runProgram(['connect', away, '--token-file', file], environment)
  expect({ code, stderr }).toEqual({
    code: 0,
    stderr: expect.stringMatching(/"msg":"started".*"msg":"ending"/s),
  })
  expect(stderr).not.toContain('canary')
})

test('with the end of stdin it ends, and stdout holds answers alone', async () => {
  const ping = `${JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'ping' })}\n`
  const { code, stdout } = await runProgram(['connect', away], { HOME: temporaryFolder() }, ping)
  expect({ code, stdout }).toEqual({ code: 0, stdout: '{"jsonrpc":"2.0","id":1,"result":{}}\n' })
})

test('SIGTERM ends it: what waits is answered', async () => {
  const server = new RawServer({ HOME: temporaryFolder() }, ['connect', away])
  server.send({ jsonrpc: '2.0', id: 'x', method: 'tools/call', params: { name: 'tool' } })
  await expect.poll(() => server.stderr, { timeout: 30_000 }).toContain('the request is sent again')
  server.child.kill('SIGTERM')
  await expect.poll(() => server.stderr).toContain('"msg":"ending"')
  server.child.kill('SIGTERM')
  const { code, out } = await server.ended
  expect(code).toBe(0)
  expect(JSON.parse(out)).toMatchObject({
    id: 'x',
    error: { message: expect.stringContaining('told to end') },
  })
})
