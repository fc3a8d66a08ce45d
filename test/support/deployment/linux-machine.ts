import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { readEnvironmentFile } from './environment-file.ts'
import { asUser, type NameSpace, openNameSpace } from './name-space.ts'
import { type RunningService, startedService } from './running-service.ts'
import { readUnit, unitVariables } from './unit-file.ts'

// A Linux machine on which the commands of docs/service.md run as they are printed: a copy of this one that forgets what
// was changed, with stand-ins for sudo and for systemd.

const sudo = `#!/bin/sh
if [ "$1" = -u ]; then
  user=$2
  shift 2
  exec setpriv --reuid="$user" --regid="$user" --clear-groups "$@"
fi
exec "$@"
`

/** A machine, and systemd as far as the unit of packaging needs it. */
export interface LinuxMachine extends NameSpace {
  /** Runs commands in the folder of the checkout, as a person does who may become root. Throws if one fails. */
  readonly perform: (commands: string, input?: string) => Promise<string>
  /** Writes a file as root. */
  readonly write: (path: string, text: string) => Promise<void>
  /** Starts the service of the unit, as systemd would. */
  readonly startUnit: () => Promise<RunningService>
}

/** Makes the machine. It is gone after the test. */
export async function openLinuxMachine(): Promise<LinuxMachine> {
  const checkout = resolve('.')
  const space = await openNameSpace(
    [
      'mkdir $ROOT.changes $ROOT.work',
      'mount -t overlay overlay -o lowerdir=/,upperdir=$ROOT.changes,workdir=$ROOT.work $ROOT',
      'mount --rbind /dev $ROOT/dev; mount -t tmpfs none $ROOT/tmp; mount -t tmpfs none $ROOT/run',
      // As ProcSubset=pid: /proc has processes alone.
      'mount -t proc -o subset=pid proc $ROOT/proc',
      // In case it lies on another file system, or in /tmp.
      `mkdir -p $ROOT${checkout}; mount --bind ${checkout} $ROOT${checkout}`,
      `mount -o remount,bind,ro $ROOT${checkout}`,
      `cat > $ROOT/usr/local/bin/sudo << 'END'\n${sudo}END`,
      "printf '#!/bin/sh\\n' > $ROOT/usr/local/bin/systemctl",
      'chmod 755 $ROOT/usr/local/bin/sudo $ROOT/usr/local/bin/systemctl',
      `if [ ! -e $ROOT/usr/bin/node ]; then ln -s ${process.execPath} $ROOT/usr/bin/node; fi`,
      'echo 127.0.0.1 localhost qualys-mcp.example.com > $ROOT/etc/hosts',
    ].join('\n'),
  )

  const perform: LinuxMachine['perform'] = async (commands, input = '') => {
    // The standard input is a pipe, as /dev/stdin needs it.
    const piped = ['sh', '-c', 'cat | bash --norc -ec "$1"', 'sh', commands]
    const { code, stdout, stderr } = await space.run(piped, { folder: checkout, input })
    if (code !== 0) throw new Error(`${commands}: ${stderr}`)
    return stdout
  }
  const write = async (path: string, text: string): Promise<void> =>
    void (await perform(`install -m 600 /dev/stdin ${path}`, text))

  async function startUnit(): Promise<RunningService> {
    const unit = readUnit(readFileSync('packaging/qualys-mcp.service', 'utf8')).get('Service') ?? new Map()
    const one = (name: string): string => unit.get(name)?.[0] ?? ''
    const [name = '', source = ''] = one('LoadCredential').split(':')
    const [user, credentials] = [one('User'), '/run/credentials/qualys-mcp.service']
    const [state, logs] = [`/var/lib/${one('StateDirectory')}`, `/var/log/${one('LogsDirectory')}`]
    // What systemd does before the start.
    await perform(
      [
        `install -d -o ${user} -g ${user} -m ${one('StateDirectoryMode')} ${state}`,
        `install -d -o ${user} -g ${user} -m ${one('LogsDirectoryMode')} ${logs}`,
        // Of root, and readable for the service by an access list, which shows as the mode of the group.
        `install -D -g ${user} -m 440 ${source} ${credentials}/${name}`,
      ].join('\n'),
    )
    // What ProtectSystem=strict and PrivateTmp=yes leave to write to.
    const mounts = [
      ...[state, logs].map((folder) => `mount --bind $ROOT${folder} $ROOT${folder}`),
      'mount -t tmpfs none $ROOT/tmp',
      'for FOLDER in $ROOT $ROOT/run; do mount -o remount,bind,ro $FOLDER; done',
    ].join('\n')
    const variables = Object.entries(unitVariables(unit)).map(([variable, value]) => [
      variable,
      value.replace('%d', credentials),
    ])
    const env = {
      ...Object.fromEntries(variables),
      ...readEnvironmentFile(await perform(`cat ${one('EnvironmentFile')}`)),
      HOME: state,
    }
    const command = [...asUser(user, one('Group')), ...one('ExecStart').split(' ')]
    return startedService(
      space.start(['sh', '-c', `umask ${one('UMask')}; exec "$@"`, 'sh', ...command], { env, mounts }),
    )
  }
  return { ...space, perform, write, startUnit }
}
