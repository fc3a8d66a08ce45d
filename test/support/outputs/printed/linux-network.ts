import { columnLines, type FleetOutput, lines } from '../fleet-output.ts'

// Networks of Linux hosts, services and logs.

const messages = [
  'systemd[1]: Started Session of User root.',
  'CRON: (root) CMD (run-parts /etc/cron.hourly)',
  'chronyd: Selected source 10.0.0.123',
  'sshd: Accepted publickey for deploy',
]

export const linuxNetwork: readonly FleetOutput[] = [
  {
    name: 'ss -tlnp',
    language: 'English',
    output: (draw) => {
      const row = (address: string, program: string): string[] => [
        'LISTEN',
        '0',
        '128',
        address,
        '0.0.0.0:*',
        `users:(("${program}",pid=${draw.pid()},fd=${draw.between(3, 9)}))`,
      ]
      return lines(
        ...columnLines([
          ['State', 'Recv-Q', 'Send-Q', 'Local Address:Port', 'Peer Address:Port', 'Process'],
          ...draw.shuffled([
            row('0.0.0.0:22', 'sshd'),
            row('127.0.0.1:25', 'master'),
            row(`${draw.address()}:9100`, 'node_exporter'),
            row('0.0.0.0:443', 'nginx'),
          ]),
        ]),
      )
    },
    odd: [
      { replace: '0.0.0.0:22 ', by: '0.0.0.0:2222 ', shows: '2222' },
      { replace: '127.0.0.1:25', by: '10.9.9.9:25', shows: '10.9.9.9' },
    ],
  },
  {
    name: 'ip addr',
    language: 'English',
    output: (draw) =>
      lines(
        '1: lo: <LOOPBACK,UP,LOWER_UP> mtu 65536 qdisc noqueue state UNKNOWN group default qlen 1000',
        '    inet 127.0.0.1/8 scope host lo',
        '2: eth0: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc fq_codel state UP group default qlen 1000',
        `    link/ether ${draw.mac()} brd ff:ff:ff:ff:ff:ff`,
        `    inet ${draw.address()}/24 brd 10.1.255.255 scope global dynamic eth0`,
        `       valid_lft ${draw.between(100, 86_400)}sec preferred_lft ${draw.between(100, 86_400)}sec`,
        `    inet6 fe80::${draw.hex(4)}:${draw.hex(4)}:${draw.hex(4)}:${draw.hex(4)}/64 scope link`,
      ),
    odd: [
      { replace: 'mtu 1500', by: 'mtu 9000', shows: '9000', usual: '1500' },
      { replace: 'state UP group', by: 'state DOWN group', shows: 'DOWN' },
    ],
  },
  {
    name: 'systemctl status',
    language: 'English',
    output: (draw) => {
      const [year, month, day, time] = draw.dateParts()
      return lines(
        '● auditd.service - Security Auditing Service',
        '     Loaded: loaded (/usr/lib/systemd/system/auditd.service; enabled; preset: enabled)',
        `     Active: active (running) since ${draw.of(['Mon', 'Tue', 'Wed', 'Thu', 'Fri'])} ${year}-${month}-${day} ${time} CET; ${draw.between(1, 9)} weeks ${draw.below(7)} days ago`,
        `   Main PID: ${draw.pid()} (auditd)`,
        `      Tasks: ${draw.between(2, 4)} (limit: ${draw.between(9_000, 49_000)})`,
        `     Memory: ${draw.decimal(1, 99)}M`,
        `        CPU: ${draw.between(1, 59)}min ${draw.decimal(1, 59, 3)}s`,
        '     CGroup: /system.slice/auditd.service',
        `             └─${draw.pid()} /sbin/auditd`,
      )
    },
    odd: [
      { replace: /active \(running\)/, by: 'failed (Result: exit-code)', shows: 'exit-code', code: 3 },
      { replace: 'service; enabled;', by: 'service; disabled;', shows: 'disabled' },
    ],
  },
  {
    name: 'journalctl -n',
    language: 'English',
    output: (draw, host) =>
      lines(
        ...draw.times(
          draw.between(4, 9),
          () =>
            `Nov ${draw.between(10, 28)} ${draw.time()} ${host} ${draw.of(messages).replace(/(CRON|chronyd|sshd):/, `$1[${draw.pid()}]:`)}`,
        ),
      ),
    odd: [
      {
        replace: /$/,
        by: '\nNov 20 03:12:09 kernel: Out of memory: Killed process 3312 (java)',
        shows: 'Out of memory: Killed process',
      },
    ],
  },
  {
    name: 'logfmt',
    language: 'English',
    output: (draw) =>
      lines(
        ...['load', 'check', 'report'].map(
          (step) =>
            `ts=${draw.iso()}.${draw.between(100, 999)}Z level=info step=${step} request=${draw.hex(16)} duration=${draw.decimal(1, 900, 3)}ms status=ok`,
        ),
      ),
    odd: [
      {
        replace: /level=info (step=check .*)status=ok/,
        by: 'level=error $1status=denied',
        shows: 'denied',
      },
    ],
  },
  {
    name: 'docker ps',
    language: 'English',
    output: (draw) => {
      const row = (image: string, ports: string, name: string): string[] => [
        draw.hex(12),
        image,
        '"/docker-entrypoint.…"',
        `${draw.between(2, 99)} days ago`,
        `Up ${draw.between(2, 99)} days`,
        ports,
        name,
      ]
      return lines(
        ...columnLines(
          [
            ['CONTAINER ID', 'IMAGE', 'COMMAND', 'CREATED', 'STATUS', 'PORTS', 'NAMES'],
            row('nginx:1.27.2', '0.0.0.0:443->443/tcp', 'proxy'),
            row('postgres:16.4', '5432/tcp', 'db'),
            row('registry.example.com/app:4.12.0', '8080/tcp', 'app'),
          ],
          3,
        ),
      )
    },
    odd: [
      { replace: /Up \d+ days(?= +5432)/, by: 'Exited (137) 2 hours ago', shows: 'Exited' },
      { replace: 'nginx:1.27.2', by: 'nginx:1.21.0', shows: '1.21.0', usual: '1.27.2' },
    ],
  },
  {
    name: 'kubectl get pods',
    language: 'English',
    output: (draw) => {
      const pod = (name: string): (string | number)[] => [
        `${name}-${draw.hex(10)}-${draw.hex(5)}`,
        '1/1',
        'Running',
        draw.below(4),
        `${draw.between(1, 99)}d`,
      ]
      return lines(
        ...columnLines(
          [['NAME', 'READY', 'STATUS', 'RESTARTS', 'AGE'], pod('api'), pod('coredns'), pod('ingress-nginx')],
          3,
        ),
      )
    },
    odd: [
      {
        replace: /(api-\S+ +)1\/1 +Running/,
        by: '$10/1     CrashLoopBackOff',
        shows: 'CrashLoopBackOff',
      },
    ],
  },
  {
    name: 'ping in German',
    language: 'German',
    output: (draw) =>
      lines(
        'PING gateway.example.com (10.0.0.1) 56(84) Bytes an Daten.',
        ...[1, 2, 3].map(
          (at) => `64 Bytes von 10.0.0.1: icmp_seq=${at} ttl=64 Zeit=${draw.decimal(0.1, 30, 2)} ms`,
        ),
        '',
        '--- gateway.example.com Ping-Statistiken ---',
        `3 Pakete übertragen, 3 empfangen, 0% packet loss, time ${draw.between(2_000, 2_999)}ms`,
        `rtt min/avg/max/mdev = ${draw.times(4, () => draw.decimal(0.1, 30, 3)).join('/')} ms`,
      ),
    odd: [{ replace: '3 empfangen, 0%', by: '2 empfangen, 33.3333%', shows: '33.3333%' }],
  },
]
