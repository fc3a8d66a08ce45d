import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import { connectClient, countEffects, yes } from '../../support/consent/clients.ts'
import { environmentFor } from '../../support/environment.ts'
import { openSandbox, type TestSandbox } from '../../support/sandbox.ts'
import { generations } from '../../support/stdio/peers.ts'
import { readers } from '../../support/stdio/readers.ts'

// Real clients of the built program, and a preview that is too long for a form.

let sandbox: TestSandbox
beforeAll(async () => {
  sandbox = await openSandbox({ jobs: 100 })
})
beforeEach(() => sandbox.control.reset())
afterAll(() => sandbox.close())

const lines = Array.from({ length: 400 }, (_, at) => `Get-Item ${at + 1}`)
const call = {
  name: 'car_create_script',
  arguments: {
    title: 'A long one',
    typeId: '1',
    subType: 'Detection',
    languageId: '201',
    platform: 'WINDOWS',
    severity: 2,
    content: lines.join('\n'),
  },
}

describe.each(Object.entries(generations))('%s', (name, connect) => {
  test('the form names a resource that shows all of it, until the person answers', async () => {
    const client = await connectClient(connect, sandbox)
    const open = readers[name]
    const environment = environmentFor(sandbox, { QUALYS_STATE_DIR: client.stateDir })
    const reader = await open?.(environment)
    onTestFinished(async () => {
      await reader?.close()
      await client.close()
    })
    const read = async (uri: string) => (await reader?.readResource({ uri }))?.contents[0]?.text ?? ''
    let uri = ''
    let whole = ''
    client.answer = async (question) => {
      uri = /\nall of it: resource (qualys:\/\/pending\/[^\s,]+), http/.exec(question)?.[1] ?? ''
      whole = await read(uri)
      return yes
    }
    expect((await client.peer.callTool(call)).isError).not.toBe(true)
    expect(client.questions[0]?.split('\n').length).toBeLessThanOrEqual(60)
    expect(whole.match(/^ +\d+ "Get-Item \d+"$/gm)).toHaveLength(400)
    expect(await countEffects(sandbox)).toBe(1)
    await expect(read(uri)).rejects.toThrow(/No call waits under this code/)
  })
})
