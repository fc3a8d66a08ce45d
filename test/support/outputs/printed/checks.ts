import { end, type FleetOutput, lines } from '../fleet-output.ts'

// Logs, checks, errors of several lines, drawings and progress.

const stamps = (at: string) => `[${at}]`

export const checks: readonly FleetOutput[] = [
  {
    name: 'a log with levels',
    language: 'English',
    output: (draw) =>
      lines(
        ...['starting', 'configuration loaded', 'listening', 'ready'].map(
          (what) => `${stamps(draw.iso())} INFO  app[${draw.pid()}] ${what}`,
        ),
      ),
    odd: [
      { replace: /INFO(.*) ready/, by: 'ERROR$1 cannot bind: address in use', shows: 'cannot bind' },
      { replace: /\n.*ready$/, by: '', usual: 'ready' },
    ],
  },
  {
    name: 'a log with as many lines as events',
    language: 'English',
    output: (draw) =>
      lines(
        ...draw.times(
          draw.between(3, 20),
          () => `${draw.iso()} accepted connection from ${draw.address()}:${draw.pid()}`,
        ),
      ),
    odd: [
      {
        replace: end,
        by: '\n2026-11-20T10:12:01 rejected connection from 203.0.113.9:4444',
        shows: 'rejected',
      },
    ],
  },
  {
    name: 'grep -c',
    language: 'English',
    output: (draw) => lines(`/var/log/secure:${draw.between(100, 9_999)}`, '/var/log/audit/denied.log:0'),
    odd: [{ replace: 'denied.log:0', by: 'denied.log:12', shows: '12' }],
  },
  {
    name: 'a core dump of Java',
    language: 'English',
    code: 1,
    output: (draw) =>
      lines(
        `Exception in thread "main-${draw.between(1, 99)}" java.lang.IllegalStateException: not ready`,
        '\tat com.example.Check.run(Check.java:118)',
        `\tat com.example.Main$$Lambda$${draw.between(10, 999)}/0x${draw.hex(16)}.call(Unknown Source)`,
        '\tat com.example.Main.main(Main.java:20)',
        '\t... 7 more',
      ),
    odd: [
      {
        replace: 'IllegalStateException: not ready',
        by: 'OutOfMemoryError: Java heap space',
        shows: 'OutOfMemoryError',
      },
    ],
  },
  {
    name: 'bash with set -x',
    language: 'English',
    output: (draw) =>
      lines(
        '+ set -e',
        `+ cd /tmp/tmp.${draw.hex(8)}`,
        '+ test -f /etc/app.conf',
        `+ kill -0 ${draw.pid()}`,
        '+ exit 0',
      ),
    odd: [{ replace: '+ exit 0', by: '+ exit 3', shows: /exit 3|3 on/, code: 3 }],
  },
  {
    name: 'a drawing',
    language: 'English',
    output: (draw, host) =>
      lines(
        '   _____',
        '  / ____|',
        ' | |  __  ___',
        ' | | |_ |/ _ \\',
        '  \\_____|\\___/',
        '',
        `welcome to ${host}`,
        `last login ${draw.iso()}`,
        'role: web',
      ),
    odd: [{ replace: 'role: web', by: 'role: db', shows: 'db', usual: 'web' }],
  },
  {
    name: 'tree',
    language: 'English',
    output: (draw) =>
      lines(
        '/opt/app',
        '├── bin',
        '│   └── agent',
        `├── cache-${draw.hex(8)}`,
        '└── etc',
        '    └── app.conf',
        '',
        `${draw.between(100, 999)} directories, ${draw.between(1_000, 9_999)} files`,
      ),
    odd: [{ replace: '│   └── agent', by: '│   ├── agent\n│   └── agent.bak', shows: 'agent.bak' }],
  },
  {
    name: 'curl with progress',
    language: 'English',
    output: (draw) =>
      lines(
        '  % Total    % Received % Xferd  Average Speed   Time    Time     Time  Current',
        `100 ${draw.between(1_000, 9_999)}  100 ${draw.between(1_000, 9_999)}    0     0  ${draw.between(10_000, 99_999)}      0 --:--:-- --:--:-- --:--:-- ${draw.between(10_000, 99_999)}`,
        'HTTP/1.1 200 OK',
      ),
    odd: [{ replace: 'HTTP/1.1 200 OK', by: 'HTTP/1.1 503 Service Unavailable', shows: '503' }],
  },
  {
    name: 'percent steps',
    language: 'English',
    output: (draw) =>
      lines(...draw.times(draw.between(4, 15), () => `downloading ${draw.between(1, 99)}%`), 'verified'),
    odd: [{ replace: 'verified', by: 'checksum mismatch', shows: 'checksum mismatch' }],
  },
  {
    name: 'terraform plan',
    language: 'English',
    output: (draw) =>
      lines(
        `module.vpc: Refreshing state... [id=vpc-${draw.hex(17)}]`,
        '',
        'No changes. Your infrastructure matches the configuration.',
      ),
    odd: [
      { replace: /No changes\..*/, by: 'Plan: 1 to add, 2 to change, 3 to destroy.', shows: '3 to destroy' },
    ],
  },
  {
    name: 'git status',
    language: 'English',
    output: (draw) =>
      lines(
        'On branch main',
        `HEAD is ${draw.hex(7)}`,
        "Your branch is up to date with 'origin/main'.",
        'nothing to commit, working tree clean',
      ),
    odd: [
      {
        replace: 'nothing to commit, working tree clean',
        by: 'Changes not staged for commit:\n\tmodified:   sudoers',
        shows: 'sudoers',
      },
      { replace: 'On branch main', by: 'On branch hotfix', shows: 'hotfix' },
    ],
  },
  {
    name: 'nvidia-smi -q',
    language: 'English',
    output: (draw) =>
      lines(
        `GPU 00000000:${draw.hex(2).toUpperCase()}:00.0`,
        '    Driver Version : 550.54.15',
        `    GPU Current Temp : ${draw.between(30, 80)} C`,
        '    ECC Errors : 0',
        `    Power Draw : ${draw.decimal(10, 300, 2)} W`,
      ),
    odd: [
      { replace: '550.54.15', by: '470.82.01', shows: '470.82.01', usual: '550.54.15' },
      { replace: 'ECC Errors : 0', by: 'ECC Errors : 88', shows: '88' },
    ],
  },
  {
    name: 'smartctl -A',
    language: 'English',
    output: (draw) =>
      lines(
        'ID# ATTRIBUTE_NAME          FLAG     VALUE WORST THRESH TYPE      UPDATED  RAW_VALUE',
        `  5 Reallocated_Sector_Ct   0x0033   100   100   010    Pre-fail  Always       0`,
        `  9 Power_On_Hours          0x0032   099   099   000    Old_age   Always       ${draw.between(100, 60_000)}`,
        `194 Temperature_Celsius     0x0022   0${draw.between(50, 75)}   040   000    Old_age   Always       ${draw.between(25, 60)}`,
      ),
    odd: [{ replace: /(Reallocated.*Always +)0/, by: '$1872', shows: '872' }],
  },
  {
    name: 'swapped values of two places',
    language: 'English',
    output: (draw) =>
      lines(
        `ipv4 forwarding off, ipv6 forwarding on, checked ${draw.iso()}`,
        `took ${draw.between(10, 9_000)} ms`,
      ),
    odd: [
      {
        replace: 'ipv4 forwarding off, ipv6 forwarding on',
        by: 'ipv4 forwarding on, ipv6 forwarding off',
        shows: /forwarding on, ipv6 forwarding off/,
      },
    ],
  },
  {
    name: 'last boot with a reason',
    language: 'English',
    output: (draw) => lines(`System boot time: ${draw.iso().replace('T', ' ')}`, 'Reason: planned update'),
    odd: [
      {
        replace: 'planned update',
        by: 'unexpected power loss',
        shows: 'unexpected power loss',
        usual: 'planned update',
      },
    ],
  },
  {
    name: 'hosts file',
    language: 'English',
    output: (draw, host) =>
      lines('127.0.0.1 localhost', `${draw.address()} ${host}`, '10.1.0.5 mirror.example.org mirror'),
    odd: [
      { replace: '10.1.0.5 mirror', by: '203.0.113.66 mirror', shows: '203.0.113.66', usual: '10.1.0.5' },
    ],
  },
  {
    name: 'DNS servers',
    language: 'English',
    output: (draw) =>
      lines(`# generated ${draw.iso()}`, 'nameserver 10.1.0.2', 'nameserver 10.1.0.3', 'search example.org'),
    odd: [{ replace: 'nameserver 10.1.0.3', by: 'nameserver 8.8.8.8', shows: '8.8.8.8' }],
  },
]
