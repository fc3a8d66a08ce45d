import { describe, expect, test } from 'vitest'
import { loadedBy, testsIn } from '../../support/import-graph.ts'

// What a layer of the tests may load (docs/contributing/testing.md).

const unit = testsIn('test/unit')
const integration = testsIn('test/integration')

/** A server, a sandbox, or code that starts a process or listens. */
const tooMuch =
  /^(src\/sandbox\/|src\/tools\/server\/(server|in-process-client|stdio)\.ts|(node:)?(http|https|child_process)$)/

/** The units of the sandbox: its parsers and its data, without the server. */
const ofSandbox = /^(src\/sandbox\/(sandbox|server\/listener)\.ts|src\/tools\/|(node:)?child_process$)/

function offences(files: readonly string[], forbidden: RegExp): string[] {
  return files.flatMap((file) =>
    [...loadedBy(file)]
      .filter(([name]) => forbidden.test(name))
      .map(([name, from]) => `${file} loads ${name} (by ${from})`),
  )
}

test('there is something to look at', () => {
  const loaded = [...new Set(integration.flatMap((file) => [...loadedBy(file).keys()]))]
  // Integration tests load all of it, so a path that has moved shows here.
  for (const path of ['src/tools/server/server.ts', 'src/tools/server/in-process-client.ts']) {
    expect(loaded).toContain(path)
    expect(path).toMatch(tooMuch)
  }
  for (const path of ['src/sandbox/sandbox.ts', 'src/sandbox/server/listener.ts']) {
    expect(loaded).toContain(path)
    expect(path).toMatch(ofSandbox)
  }
  expect(unit.length).toBeGreaterThan(20)
  expect(integration.length).toBeGreaterThan(20)
})

describe('a unit test', () => {
  test.each(unit)('%s loads no server and no sandbox', (file) => {
    expect(offences([file], file.startsWith('test/unit/sandbox/') ? ofSandbox : tooMuch)).toEqual([])
  })
})

describe('an integration test', () => {
  test('starts no process', () => {
    expect(offences(integration, /^(node:)?child_process$/)).toEqual([])
  })

  test('needs no dist', () => {
    expect(offences(integration, /^test\/support\/(stdio|command-line)\/(peers|program)\.ts$/)).toEqual([])
  })
})
