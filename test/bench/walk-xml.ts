import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { searchQuestionnaires } from '../../src/operations/saq/questionnaires.ts'
import { sessionOn } from '../support/session.ts'
import type { Measured } from './ratios.ts'

// Walking questionnaires in XML, compared with a bare loop that requests the same batches with undici, and parses them
// with saxes into plain objects.

const login = { username: 'nobody', password: 'nothing' }

/** A program of this folder, and the first line that it prints, as JSON. */
async function start(program: string, argument: string): Promise<[ChildProcess, Record<string, number>]> {
  const path = fileURLToPath(new URL(`bare/${program}`, import.meta.url))
  const child = spawn(process.execPath, [path, argument], { stdio: ['ignore', 'pipe', 'inherit'] })
  const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string]
  return [child, JSON.parse(line)]
}

interface Cost {
  readonly ms: number
  readonly cpuMs: number
}

const least = (costs: readonly Cost[]): Cost => ({
  ms: Math.min(...costs.map(({ ms }) => ms)),
  cpuMs: Math.min(...costs.map(({ cpuMs }) => cpuMs)),
})

/** Both in turn, several times, each in a process that has compiled its code; returns the ratios of the least costs. */
export async function walkXmlTimes(rows = 10_000, rounds = 5): Promise<Measured> {
  const [server, { apiUrl: address }] = await start('serve-xml.mjs', String(rows))
  const apiUrl = String(address)
  const close = async (): Promise<void> => void server.kill()
  const session = sessionOn({ gatewayUrl: apiUrl, apiUrl, ...login, clientId: '', clientSecret: '', close })
  const walked = async (): Promise<Cost> => {
    const began = performance.now()
    const cpu = process.cpuUsage()
    let seen = 0
    for await (const batch of session.walk(searchQuestionnaires, {}, { prefetch: true }))
      seen += batch.rows.length
    if (seen !== rows) throw new Error(`${seen} of ${rows} rows were walked`)
    const { user, system } = process.cpuUsage(cpu)
    return { ms: performance.now() - began, cpuMs: (user + system) / 1000 }
  }
  const bare = async (): Promise<Cost> => {
    const path = fileURLToPath(new URL('bare/walk-xml.mjs', import.meta.url))
    const argument = JSON.stringify({ apiUrl, ...login, rounds: 3 })
    const child = spawn(process.execPath, [path, argument], { stdio: ['ignore', 'pipe', 'inherit'] })
    const costs: Cost[] = []
    for await (const line of createInterface({ input: child.stdout })) costs.push(JSON.parse(line))
    return least(costs)
  }
  await walked()
  const [ours, theirs]: [Cost[], Cost[]] = [[], []]
  for (let round = 0; round < rounds; round++) {
    theirs.push(await bare())
    ours.push(await walked())
  }
  await session.close()
  await close()
  const [own, base] = [least(ours), least(theirs)]
  const line = (what: string, one: number, other: number): string =>
    `walking ${rows.toLocaleString('en')} questionnaires in XML, ${what}: ${one.toFixed(0)} ms; a bare loop: ${other.toFixed(0)} ms; ratio ${(one / other).toFixed(2)} (goal 1.4; least of ${rounds})`
  return {
    lines: [line('time', own.ms, base.ms), line('CPU', own.cpuMs, base.cpuMs)],
    ratios: { 'walk XML': own.ms / base.ms, 'walk XML, CPU': own.cpuMs / base.cpuMs },
  }
}
