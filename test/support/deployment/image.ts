import { spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { type Copy, copiesOf, readStages, type Stage, textsOf, variablesOf, wordsOf } from './dockerfile.ts'
import { asUser, type NameSpace, openNameSpace } from './name-space.ts'
import { afterTest, type Child } from './running-service.ts'
import { readYaml, type Yaml, yamlAt } from './yaml.ts'

// The image without Docker: its instructions are carried out in a folder, and its program runs as a container would run
// it by compose.yaml. What stands in for the base image are the system and the Node of this machine.

const [build, final] = readStages(readFileSync('packaging/Dockerfile', 'utf8')) as [Stage, Stage]
const compose = readYaml(readFileSync('packaging/compose.yaml', 'utf8'))
const composed = (...path: readonly string[]): Yaml | undefined => yamlAt(compose, 'services', ...path)

const text = (value: Yaml | undefined): string => {
  if (typeof value !== 'string') throw new Error('compose.yaml has no such text')
  return value
}

/** What the build gets of the repository. */
const allowed = readFileSync('packaging/Dockerfile.dockerignore', 'utf8')
  .split('\n')
  .filter((line) => line.startsWith('!'))
  .map((line) => line.slice(1))

/** Carries out a COPY from the repository. Throws for what the build does not get. */
function copyInto(folder: string, { sources, target }: Copy): void {
  for (const source of sources) {
    if (!allowed.includes(source))
      throw new Error(`${source} is not part of the build (Dockerfile.dockerignore)`)
    const isFolder = target.endsWith('/')
    cpSync(source, resolve(folder, isFolder ? join(target, source) : target), { recursive: true })
  }
}

/** The commands of the stage that builds; the packages of the repository stand in for those of `npm ci`. */
function run(folder: string, command: string): void {
  if (command === 'npm ci --ignore-scripts') {
    symlinkSync(resolve('node_modules'), join(folder, 'node_modules'))
    return
  }
  const { status, stderr } = spawnSync('sh', ['-c', command], { cwd: folder, encoding: 'utf8' })
  if (status !== 0) throw new Error(`${command}: ${stderr}`)
}

/** Carries out the first stage. Returns its working folder, which is removed after the test. */
export function buildImage(): string {
  const folder = mkdtempSync(join(tmpdir(), 'qualys-image-'))
  afterTest(() => rmSync(folder, { recursive: true }))
  const copies = copiesOf(build)
  for (const { name, text: command } of build.instructions) {
    if (name === 'COPY') copyInto(folder, copies.shift() as Copy)
    if (name === 'RUN') run(folder, command)
  }
  return folder
}

/** The lines of a shell that carry out a COPY of the last stage; `built`: the folder of the first one. */
function copyLines({ from, chmod, sources, target }: Copy, built: string, working: string): string[] {
  const folder = join(working, target)
  return sources.flatMap((source) => {
    const file = from === undefined ? resolve(source) : source.replace('/build', built)
    const place = target.endsWith('/') ? join(folder, source) : folder
    return [`cp -r '${file}' "$ROOT${place}"`, ...(chmod ? [`chmod ${chmod} "$ROOT${place}"`] : [])]
  })
}

/** A container of the image: its program runs as its user, with its environment. */
export interface Container extends Pick<NameSpace, 'run'> {
  /** Starts the program with these words, or with those of CMD. */
  readonly start: (words?: readonly string[], env?: Readonly<Record<string, string>>) => Child
  /** Runs another command in it, such as that of the health check. */
  readonly exec: NameSpace['run']
  /** The health check of the image. */
  readonly healthCheck: readonly string[]
  /** The program with other words than those of CMD. */
  readonly command: (...words: string[]) => readonly string[]
}

/** Opens a container as compose.yaml runs it, with this password. Its root folder is read-only. */
export async function openContainer(built: string, password: string): Promise<Container> {
  const working = textsOf(final, 'WORKDIR')[0] ?? '/'
  const [uid = '', gid = ''] = textsOf(final, 'USER')[0]?.split(':') ?? []
  const volume = textsOf(final, 'VOLUME')[0] ?? ''
  const secret = text(composed('qualys-mcp', 'environment', 'QUALYS_PASSWORD_FILE'))
  const addresses = ['nginx', 'qualys-mcp'].map((name) =>
    text(composed(name, 'networks', 'proxy', 'ipv4_address')),
  )
  const space = await openNameSpace(
    [
      ...addresses.map((address) => `ip address add ${address}/32 dev lo`),
      'mount --bind $ROOT $ROOT',
      `mkdir -p $ROOT/usr $ROOT/dev $ROOT/proc $ROOT/tmp $ROOT/run/secrets $ROOT${working}`,
      'for NAME in bin lib lib64; do ln -s usr/$NAME $ROOT/$NAME; done',
      'mount --bind /usr $ROOT/usr; mount -o remount,bind,ro $ROOT/usr',
      'mount --bind /dev $ROOT/dev; mount -t proc proc $ROOT/proc; mount -t tmpfs none $ROOT/tmp',
      ...textsOf(final, 'RUN').map((command) => `chroot $ROOT sh -c '${command}'`),
      ...copiesOf(final).flatMap((copy) => copyLines(copy, built, working)),
      `install -o ${uid} -m 400 /dev/stdin $ROOT${secret} << 'END'\n${password}\nEND`,
      `cp -a $ROOT${volume} $ROOT.volume; mount --bind $ROOT.volume $ROOT${volume}`,
      'mount -o remount,bind,ro $ROOT',
    ].join('\n'),
  )
  const environment = {
    ...variablesOf(final),
    ...(composed('qualys-mcp', 'environment') as Readonly<Record<string, string>>),
    HOME: '/',
  }
  const entry = wordsOf(textsOf(final, 'ENTRYPOINT')[0] ?? '')
  const within = (env: Readonly<Record<string, string>> = {}) => ({
    env: { ...environment, ...env },
    folder: working,
  })
  return {
    run: space.run,
    start: (words = wordsOf(textsOf(final, 'CMD')[0] ?? ''), env = {}) =>
      space.start([...asUser(uid, gid), ...entry, ...words], within(env)),
    exec: (command, { env = {}, ...more } = {}) =>
      space.run([...asUser(uid, gid), ...command], { ...within(env), ...more }),
    healthCheck: wordsOf(textsOf(final, 'HEALTHCHECK')[0] ?? ''),
    command: (...words) => [...entry, ...words],
  }
}
