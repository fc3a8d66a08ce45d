// A Dockerfile as far as ours uses it: https://docs.docker.com/reference/dockerfile/

/** One instruction, its continued lines joined. */
export interface Instruction {
  readonly name: string
  readonly text: string
}

/** What stands below one FROM. */
export interface Stage {
  readonly name: string | undefined
  readonly image: string
  readonly instructions: readonly Instruction[]
}

/** A COPY, with its flags. */
export interface Copy {
  readonly from: string | undefined
  readonly chmod: string | undefined
  readonly sources: readonly string[]
  readonly target: string
}

function instructionsIn(text: string): Instruction[] {
  const lines = text.split('\n').filter((line) => !line.startsWith('#') && line.trim() !== '')
  const joined = lines.join('\n').replaceAll(/\\\n\s*/g, '')
  return joined.split('\n').map((line) => {
    const [, name = '', rest = ''] = /^([A-Z]+)\s+(.*)$/.exec(line) ?? []
    if (name === '') throw new Error(`no instruction: ${line}`)
    return { name, text: rest }
  })
}

/** The stages of a Dockerfile. */
export function readStages(text: string): Stage[] {
  const stages: { name: string | undefined; image: string; instructions: Instruction[] }[] = []
  for (const instruction of instructionsIn(text)) {
    if (instruction.name === 'FROM') {
      const [, image = '', name] = /^(?:--platform=\S+ )?(\S+)(?: AS (\S+))?$/i.exec(instruction.text) ?? []
      stages.push({ name, image, instructions: [] })
    } else stages.at(-1)?.instructions.push(instruction)
  }
  return stages
}

/** The texts of all instructions of a name. */
export const textsOf = ({ instructions }: Stage, name: string): string[] =>
  instructions.filter((one) => one.name === name).map(({ text }) => text)

/** The words of an instruction in JSON form. Throws for the form that needs a shell. */
export const wordsOf = (text: string): string[] => JSON.parse(text.replace(/^(?:--\S+ )*CMD /, ''))

/** The copies of a stage. */
export const copiesOf = (stage: Stage): Copy[] =>
  textsOf(stage, 'COPY').map((text) => {
    const words = text.split(' ')
    const flag = (name: string): string | undefined =>
      words.find((word) => word.startsWith(`--${name}=`))?.slice(name.length + 3)
    const paths = words.filter((word) => !word.startsWith('--'))
    return {
      from: flag('from'),
      chmod: flag('chmod'),
      sources: paths.slice(0, -1),
      target: paths.at(-1) ?? '',
    }
  })

/** The variables that a stage sets. */
export const variablesOf = (stage: Stage): Record<string, string> =>
  Object.fromEntries(
    textsOf(stage, 'ENV')
      .flatMap((text) => text.split(/\s+/))
      .map((pair) => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)]),
  )
