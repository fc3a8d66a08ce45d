import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import type { Measured } from './ratios.ts'

// From spawning the program to its answered tools/list, against the same SDK serving one tool.

const opening = [
  {
    id: 1,
    method: 'initialize',
    params: {
      protocolVersion: '2025-11-25',
      capabilities: {},
      clientInfo: { name: 'bench', version: '1' },
    },
  },
  { method: 'notifications/initialized' },
  { id: 2, method: 'tools/list', params: {} },
]

/** Milliseconds until the list has arrived. */
function startOnce(program: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const began = performance.now()
    const env = { ...process.env, QUALYS_LOG_LEVEL: 'error' }
    const child = spawn(process.execPath, [program], { stdio: ['pipe', 'pipe', 'inherit'], env })
    let output = ''
    child.once('error', reject)
    child.stdout.on('data', (bytes: Buffer) => {
      output += bytes.toString()
      if (!output.includes('"id":2') || !output.endsWith('\n')) return
      resolve(performance.now() - began)
      child.kill()
    })
    child.stdin.write(
      opening.map((message) => `${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`).join(''),
    )
  })
}

const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN

/** Starts both programs in turn, as bundled by the same tool; a line with medians and their ratio. */
export async function startTimes(rounds = 15): Promise<Measured> {
  const ours = fileURLToPath(new URL('../../dist/main.js', import.meta.url))
  const folder = mkdtempSync(join(tmpdir(), 'qualys-bench-'))
  const bare = join(folder, 'one-tool.mjs')
  await build({
    entryPoints: [fileURLToPath(new URL('./one-tool.ts', import.meta.url))],
    outfile: bare,
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'esm',
    minifyWhitespace: true,
    minifySyntax: true,
    banner: {
      js: "import{createRequire as createRequireForBundle}from'node:module';const require=createRequireForBundle(import.meta.url);",
    },
  })
  const times = { bare: [] as number[], ours: [] as number[] }
  for (let round = 0; round < rounds; round++) {
    times.bare.push(await startOnce(bare))
    times.ours.push(await startOnce(ours))
  }
  rmSync(folder, { recursive: true })
  const [bareMs, oursMs] = [median(times.bare), median(times.ours)]
  return {
    lines: [
      `spawn to answered tools/list: ${oursMs.toFixed(0)} ms; the same SDK with one tool: ${bareMs.toFixed(0)} ms; ratio ${(oursMs / bareMs).toFixed(2)} (goal 1.15; medians of ${rounds})`,
    ],
    ratios: { start: oursMs / bareMs },
  }
}
