import { BlockList } from 'node:net'
import { serviceSpecs } from '../../../../src/config/service/specs.ts'
import { readYaml, type Yaml, yamlAt } from '../yaml.ts'

const listOf = (value: Yaml | undefined): readonly Yaml[] => (Array.isArray(value) ? value : [])
const membersOf = (value: Yaml | undefined): [string, Yaml][] =>
  typeof value === 'object' && !Array.isArray(value) ? Object.entries(value) : []

/** What is wrong with one service, whatever it is. */
function serviceFaults(name: string, service: Yaml, secrets: ReadonlySet<string>): (string | false)[] {
  const at = (...path: readonly string[]): Yaml | undefined => yamlAt(service, ...path)
  const image = at('image')
  const isPinned = at('build') !== undefined || (typeof image === 'string' && /:\d[\w.-]*$/.test(image))
  const mounted = listOf(at('secrets')).map((one) => (typeof one === 'string' ? one : yamlAt(one, 'source')))
  return [
    at('read_only') !== 'true' && `${name} must have a read-only root folder`,
    !listOf(at('cap_drop')).includes('ALL') && `${name} must give up all capabilities`,
    at('cap_add') !== undefined && `${name} must take no capability`,
    at('privileged') !== undefined && `${name} must not be privileged`,
    !listOf(at('security_opt')).includes('no-new-privileges:true') && `${name} must get no new privileges`,
    !isPinned && `${name} must have an image that is pinned by its tag`,
    at('build') === undefined &&
      !/^[1-9]\d*:[1-9]\d*$/.test(String(at('user'))) &&
      `${name} must not be root`,
    mounted.some((secret) => !secrets.has(String(secret))) && `${name} mounts a secret that does not exist`,
    membersOf(at('environment')).some(([variable]) => /(?:PASSWORD|SECRET|TOKEN)$/.test(variable)) &&
      `${name} must get secrets as files`,
  ]
}

/** True if an address lies in a network such as 10.0.0.0/29. */
function isWithin(address: Yaml | undefined, network: Yaml | undefined): boolean {
  const [start = '', bits] = String(network).split('/')
  const list = new BlockList()
  list.addSubnet(start, Number(bits))
  return list.check(String(address))
}

/** What is wrong between the service and nginx. `nginxConf`: what nginx reads. */
function pairFaults(compose: Yaml, nginxConf: string): (string | false)[] {
  const at = (...path: readonly string[]): Yaml | undefined => yamlAt(compose, ...path)
  const own = (...path: readonly string[]): Yaml | undefined => at('services', 'qualys-mcp', ...path)
  const proxy = at('services', 'nginx', 'networks', 'proxy', 'ipv4_address')
  const [network] = listOf(at('networks', 'proxy', 'ipam', 'config'))
  const subnet = network && yamlAt(network, 'subnet')
  const variable = (name: string): Yaml | undefined => own('environment', name)
  const grace = Number(/^(\d+)s$/.exec(String(own('stop_grace_period')))?.[1] ?? 0)
  return [
    own('ports') !== undefined && 'qualys-mcp must publish no port: neither its own nor that of the metrics',
    variable('QUALYS_BEHIND_PROXY') !== proxy && 'QUALYS_BEHIND_PROXY must be the address of nginx alone',
    !isWithin(proxy, subnet) && 'nginx must have an address of the network',
    !isWithin(own('networks', 'proxy', 'ipv4_address'), subnet) &&
      'qualys-mcp must have an address of the network',
    variable('QUALYS_HTTP_HOST') !== '0.0.0.0' && 'qualys-mcp must listen in the network',
    !nginxConf.includes(`server qualys-mcp:${String(variable('QUALYS_HTTP_PORT'))};`) &&
      'nginx must ask qualys-mcp at its port',
    grace < Number(serviceSpecs.drainSeconds.default) + 5 &&
      'qualys-mcp must get more time for its end than QUALYS_DRAIN_SECONDS',
    at('services', 'nginx', 'depends_on', 'qualys-mcp', 'condition') !== 'service_healthy' &&
      'nginx must wait until qualys-mcp is healthy',
    !listOf(own('volumes')).some((volume) =>
      String(volume).endsWith(`:${String(variable('QUALYS_STATE_DIR'))}`),
    ) && 'the state must be in a volume',
  ]
}

/** What is wrong with a Compose file, beside the file of nginx. */
export function composeFaults(text: string, nginxConf: string): string[] {
  const compose = readYaml(text)
  const secrets = new Set(membersOf(yamlAt(compose, 'secrets')).map(([name]) => name))
  const faults = [
    ...membersOf(yamlAt(compose, 'services')).flatMap(([name, service]) =>
      serviceFaults(name, service, secrets),
    ),
    ...pairFaults(compose, nginxConf),
  ]
  return faults.filter((fault) => fault !== false)
}
