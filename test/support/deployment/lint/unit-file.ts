import { serviceSpecs } from '../../../../src/config/service/specs.ts'
import { readUnit, unitVariables } from '../unit-file.ts'

/** What keeps the service from the rest of the machine. */
const hardening: Readonly<Record<string, string>> = {
  NoNewPrivileges: 'yes',
  CapabilityBoundingSet: '',
  AmbientCapabilities: '',
  ProtectSystem: 'strict',
  ProtectHome: 'yes',
  PrivateTmp: 'yes',
  PrivateDevices: 'yes',
  ProtectClock: 'yes',
  ProtectControlGroups: 'yes',
  ProtectKernelLogs: 'yes',
  ProtectKernelModules: 'yes',
  ProtectKernelTunables: 'yes',
  ProtectProc: 'invisible',
  RestrictNamespaces: 'yes',
  RestrictRealtime: 'yes',
  RestrictSUIDSGID: 'yes',
  LockPersonality: 'yes',
  SystemCallArchitectures: 'native',
  UMask: '0077',
}

/** What is wrong with the unit. */
export function unitFaults(text: string): string[] {
  const service = readUnit(text).get('Service') ?? new Map<string, readonly string[]>()
  const one = (name: string): string | undefined => service.get(name)?.at(-1)
  const variables = unitVariables(service)
  const credential = one('LoadCredential')?.split(':')[0]
  const faults = [
    ...Object.entries(hardening).map(([name, value]) => one(name) !== value && `${name} must be "${value}"`),
    (one('User') ?? 'root') === 'root' && one('DynamicUser') !== 'yes' && 'the service must not be root',
    one('KillSignal') !== 'SIGTERM' && 'the service must be told to end by SIGTERM',
    Number(one('TimeoutStopSec')) < Number(serviceSpecs.drainSeconds.default) + 5 &&
      'the service must get more time for its end than QUALYS_DRAIN_SECONDS',
    one('ExecReload') !== '/bin/kill -HUP $MAINPID' && 'a reload must be SIGHUP',
    one('Restart') !== 'on-failure' && 'the service must be started again after a failure',
    one('RestartPreventExitStatus') !== '2' && 'a wrong setting (exit code 2) must not be tried again',
    one('MemoryDenyWriteExecute') !== undefined && 'Node must be able to compile',
    variables['QUALYS_PASSWORD_FILE'] !== `%d/${credential}` && 'the password must be a credential',
    variables['QUALYS_STATE_DIR'] !== `/var/lib/${one('StateDirectory')}` &&
      'the state must be in the state folder',
    one('StateDirectoryMode') !== '0700' && 'nobody else may read the state',
  ]
  return faults.filter((fault) => fault !== false)
}
