import { spawnSync } from 'node:child_process'
import { parseArgs } from 'node:util'

// All that is too long for each push: npm run test:nightly [-- --list] [-- --only NAME,NAME] [-- --seed N]
// One step after the other; a step that fails does not keep the others from running.

interface Step {
  readonly name: string
  readonly what: string
  readonly command: (seed: number) => readonly string[]
  readonly environment?: (seed: number) => Readonly<Record<string, string>>
}

const fast = ['--project', 'unit', '--project', 'integration']

const steps: readonly Step[] = [
  {
    name: 'products',
    what: 'the whole of every matrix of which npm test runs a part',
    command: () => ['vitest', 'run', '--project', 'nightly'],
  },
  {
    name: 'shuffle',
    what: 'npm test in another order',
    command: (seed) => ['vitest', 'run', ...fast, '--sequence.shuffle', `--sequence.seed=${seed}`],
  },
  {
    name: 'properties',
    what: 'the property tests with other values, and ten times as many',
    command: () => ['vitest', 'run', ...fast, 'properties', '--testTimeout=120000'],
    environment: (seed) => ({ PROPERTY_SEED: String(seed), PROPERTY_TIMES: '10' }),
  },
  {
    name: 'recipe',
    what: 'the pages about adding an operation and an effect, on a copy of the tree, without one part at a time',
    command: () => ['tsx', 'test/nightly/recipe/recipe.ts'],
  },
  {
    name: 'coverage',
    what: 'which lines of src npm test reaches',
    command: () => ['vitest', 'run', ...fast, '--coverage'],
  },
  {
    name: 'faults',
    what: 'every operation under every fault',
    command: () => ['tsx', 'test/programs/faults.ts'],
  },
  {
    name: 'fuzz',
    what: '100,000 messages that no client should send',
    command: (seed) => ['tsx', 'test/programs/fuzz.ts', '--seed', String(seed)],
  },
  {
    name: 'fuzz-http',
    what: '100,000 requests to a service that no client should send',
    command: (seed) => ['tsx', 'test/programs/fuzz.ts', '--http', '--seed', String(seed)],
  },
  {
    name: 'clients',
    what: 'whole conversations through the SDKs, mcp-remote, LangChain, the AI SDK and OpenAI Agents, with scripted models',
    command: () => ['tsx', 'test/nightly/clients/clients.ts'],
  },
  {
    name: 'soak',
    what: 'five minutes of mixed calls while faults come and go',
    command: (seed) => ['tsx', 'test/programs/soak.ts', '--seconds', '300', '--seed', String(seed)],
  },
  {
    name: 'soak-http',
    what: 'the same through a service with several callers',
    command: (seed) => ['tsx', 'test/programs/soak.ts', '--http', '--seconds', '300', '--seed', String(seed)],
  },
  {
    name: 'mutations',
    what: 'ten mutations of src, drawn by the seed: npm test has to notice each',
    command: (seed) => [
      'tsx',
      'test/nightly/mutations/mutations.ts',
      '--total',
      '10',
      '--seed',
      String(seed),
    ],
  },
  {
    name: 'bench',
    what: 'speed, memory and sizes, held against the stored figures',
    command: () => ['tsx', 'test/bench/bench.ts', '--compare'],
  },
]

function listSteps(): string {
  return steps
    .map(({ name, what, command }) => `${name.padEnd(11)}${what}\n           npx ${command(1).join(' ')}`)
    .join('\n')
}

function run({ command, environment }: Step, seed: number): boolean {
  const env = { ...process.env, ...environment?.(seed) }
  const { status } = spawnSync('npx', [...command(seed)], { stdio: 'inherit', env })
  return status === 0
}

function main(): number {
  const { values } = parseArgs({
    options: { list: { type: 'boolean' }, only: { type: 'string' }, seed: { type: 'string' } },
  })
  if (values.list) {
    console.log(listSteps())
    return 0
  }
  const only = values.only?.split(',')
  const unknown = only?.find((name) => !steps.some((step) => step.name === name))
  if (unknown !== undefined) {
    console.error(`There is no step ${unknown}: there are ${steps.map(({ name }) => name).join(', ')}.`)
    return 2
  }
  const seed = Number(values.seed ?? Math.floor(Math.random() * 1e9))
  if (!Number.isSafeInteger(seed) || seed < 0) {
    console.error('--seed is a whole number, at least 0.')
    return 2
  }
  console.log(`nightly: --seed ${seed}`)
  spawnSync('npm', ['run', '--silent', 'build'], { stdio: 'inherit' })
  const results = steps
    .filter(({ name }) => only?.includes(name) ?? true)
    .map((step) => {
      console.log(`\n== ${step.name}: ${step.what}`)
      const began = performance.now()
      const isGreen = run(step, seed)
      return { name: step.name, isGreen, seconds: Math.round((performance.now() - began) / 1000) }
    })
  console.log(`\nnightly: --seed ${seed}`)
  for (const { name, isGreen, seconds } of results)
    console.log(`${isGreen ? 'PASS' : 'FAIL'} ${name.padEnd(11)}${seconds} s`)
  return results.every(({ isGreen }) => isGreen) ? 0 : 1
}

process.exitCode = main()
