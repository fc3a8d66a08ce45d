import { readFileSync } from 'node:fs'

/** The options of a program: one argument, a JSON object. */
export const options = JSON.parse(process.argv[2] ?? '{}')

// On Linux, getrusage(2) counts from the process that started this one; VmHWM of proc(5) counts this program alone.
function peakMiB() {
  const kibibytes =
    process.platform === 'linux'
      ? Number(/VmHWM:\s+(\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))?.[1])
      : process.resourceUsage().maxRSS
  return kibibytes / 1_024
}

/** Runs some work several times, and prints what each time took as one line of JSON. */
export async function measure(work, { rounds = 1, warmUp = false }) {
  for (let round = 0; round < Number(warmUp); round++) await work()
  const ms = []
  const cpuMs = []
  let result
  for (let round = 0; round < rounds; round++) {
    const began = performance.now()
    const cpuBefore = process.cpuUsage()
    result = await work()
    const { user, system } = process.cpuUsage(cpuBefore)
    ms.push(performance.now() - began)
    cpuMs.push((user + system) / 1_000)
  }
  console.log(JSON.stringify({ ...result, ms, cpuMs, peakMiB: peakMiB() }))
}
