import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { text } from 'node:stream/consumers'
import { expect, test } from 'vitest'
import packageJson from '../../../package.json' with { type: 'json' }
import { versionText } from '../../../src/cli/help.ts'
import { program } from '../../support/stdio/peers.ts'

// A Node that is too old gets one sentence, before anything is loaded that it cannot read.

/** Runs `--version` in a Node that claims to have another version. */
async function runIn(version: string) {
  const versions = `Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '${version}' } })`
  const preload = `data:text/javascript,${encodeURIComponent(versions)}`
  const child = spawn(process.execPath, ['--import', preload, program, '--version'], { env: {} })
  const [stdout, stderr, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close'),
  ])
  return { code, stdout, stderr }
}

test.each(['18.20.4', '20.18.3', '16.20.2', '8.17.0'])('Node %s', async (version) => {
  const needed = packageJson.engines.node.replace('>=', '')
  expect(await runIn(version)).toEqual({
    code: 2,
    stdout: '',
    stderr: `qualys-mcp: This is Node ${version} (${process.execPath}), but qualys-mcp needs Node ${needed} or newer: install it, or name the full path of a newer node as the command of your client.\n`,
  })
})

test.each(['20.19.0', '21.0.0', '22.1.0', '100.0.0'])('Node %s is new enough', async (version) => {
  expect(await runIn(version)).toEqual({ code: 0, stdout: `${versionText}\n`, stderr: '' })
})

test('the built program imports nothing before the check, and has no syntax of a newer Node', () => {
  const built = readFileSync(program, 'utf8')
  const eager = [...built.matchAll(/\b(?:from|import) ?["']([^"']+)["']/g)]
  expect(eager.map(([, specifier]) => specifier)).toEqual([])
  expect(built).not.toMatch(/\?\?=|\|\|=|&&=|static\{|#\w+ in /)
})
