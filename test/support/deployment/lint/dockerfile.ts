import packageJson from '../../../../package.json' with { type: 'json' }
import { copiesOf, readStages, type Stage, textsOf, variablesOf } from '../dockerfile.ts'

const isPinned = (image: string): boolean => /^[\w./-]+:\d[\w.-]*(?:@sha256:[\da-f]{64})?$/.test(image)

/** The labels of a stage. */
function labelsOf(stage: Stage): ReadonlyMap<string, string> {
  const pairs = textsOf(stage, 'LABEL')
    .join(' ')
    .matchAll(/([\w.]+)="([^"]*)"/g)
  return new Map([...pairs].map(([, name = '', value = '']) => [name, value]))
}

/** What is wrong with the stage that becomes the image. */
function imageFaults(stage: Stage): (string | false)[] {
  const one = (name: string): string => textsOf(stage, name).at(-1) ?? ''
  const labels = labelsOf(stage)
  const variables = variablesOf(stage)
  const label = (name: string): string => labels.get(`org.opencontainers.image.${name}`) ?? ''
  return [
    !/^[1-9]\d*:[1-9]\d*$/.test(one('USER')) && 'the user must be two numbers, and not root',
    ...['ENTRYPOINT', 'CMD'].map(
      (name) => !/^\["/.test(one(name)) && `${name} must be in JSON form, so that signals reach the program`,
    ),
    !/ CMD \["node",/.test(one('HEALTHCHECK')) && 'the health check must be by node: the image has no curl',
    !/\/healthz/.test(one('HEALTHCHECK')) && 'the health check must ask /healthz',
    one('VOLUME') !== variables['QUALYS_STATE_DIR'] && 'the state must be in a volume',
    copiesOf(stage).some(({ sources }) =>
      sources.some((source) => !/^(?:package\.json|LICENSE|\/build\/dist)$/.test(source)),
    ) && 'the image must hold nothing but the program',
    textsOf(stage, 'RUN').some((command) => /\bnpm\b|\bapt/.test(command)) &&
      'the image must install nothing',
    label('title') !== packageJson.name && 'the title must be the name of the package',
    label('description') !== packageJson.description && 'the description must be that of the package',
    label('licenses') !== packageJson.license && 'the licence must be that of the package',
  ]
}

/** What is wrong with a Dockerfile. */
export function dockerfileFaults(text: string): string[] {
  const stages = readStages(text)
  const image = stages.at(-1)
  const all = stages.flatMap(({ instructions }) => instructions)
  const faults = [
    ...stages.map(({ image: base }) => !isPinned(base) && `${base} must be pinned by its tag`),
    new Set(stages.map(({ image: base }) => base)).size > 1 && 'all stages must have one base image',
    all.some(({ name }) => name === 'ADD') && 'COPY must be used: ADD fetches and unpacks',
    all.some(({ name, text: value }) => /^(?:ENV|ARG)$/.test(name) && /PASSWORD|SECRET|TOKEN/.test(value)) &&
      'no secret may be in the image',
    all.some(({ name, text: value }) => name === 'RUN' && /npm (?:i|install)\b/.test(value)) &&
      'npm ci must be used: it installs what the lock file says',
    ...(image ? imageFaults(image) : ['there must be a stage']),
  ]
  return faults.filter((fault) => fault !== false)
}
