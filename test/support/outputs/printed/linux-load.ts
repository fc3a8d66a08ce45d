import { columnLines, end, type FleetOutput, lines, numberAlone } from '../fleet-output.ts'

// What a Linux host is busy with.

const plural = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`

export const linuxLoad: readonly FleetOutput[] = [
  {
    name: 'uptime',
    language: 'English',
    output: (draw) =>
      ` ${draw.time()} up ${plural(draw.between(1, 400), 'day')}, ${draw.between(1, 23)}:${draw.between(10, 59)},  ${plural(draw.below(4), 'user')},  load average: ${draw.decimal(0, 4, 2)}, ${draw.decimal(0, 4, 2)}, ${draw.decimal(0, 4, 2)}`,
    odd: [{ replace: /up .*?, {2}\d+ users?/, by: 'up 0 min,  0 users', shows: /\bmin\b/ }],
  },
  {
    name: 'qualys-cloud-agent status',
    language: 'English',
    output: (draw) => `qualys-cloud-agent (PID ${draw.pid()}) is running, ${draw.decimal(2, 400)} GB free`,
    odd: [
      { replace: /^.*$/, by: 'qualys-cloud-agent is stopped', shows: 'is stopped', code: 3 },
      { replace: /[\d.]+ GB/, by: '-1 GB', shows: '-1' },
      { replace: /[\d.]+ GB/, by: '0 GB', shows: numberAlone(0) },
    ],
  },
  {
    name: 'free -m',
    language: 'English',
    output: (draw) =>
      lines(
        ...columnLines(
          [
            ['', 'total', 'used', 'free', 'shared', 'buff/cache', 'available'],
            [
              'Mem:',
              draw.of([7_821, 15_884, 32_001]),
              ...[draw.between(500, 6_000), draw.between(100, 9_000), draw.between(1, 900)],
              ...[draw.between(1_000, 9_000), draw.between(1_000, 9_000)],
            ],
            ['Swap:', 2_047, draw.below(800), draw.between(800, 2_047), '', '', ''],
          ],
          4,
          [1, 2, 3, 4, 5, 6],
        ),
      ),
    odd: [{ replace: /(Swap: +)2047/, by: '$10', shows: numberAlone(0), usual: '2047' }],
  },
  {
    name: 'df -h',
    language: 'English',
    output: (draw) => {
      const mount = (device: string, size: string, path: string): (string | number)[] => [
        device,
        size,
        `${draw.decimal(1, 99)}G`,
        `${draw.decimal(1, 99)}G`,
        `${draw.between(5, 95)}%`,
        path,
      ]
      return lines(
        ...columnLines(
          [
            ['Filesystem', 'Size', 'Used', 'Avail', 'Use%', 'Mounted on'],
            ['udev', '3.9G', '0', '3.9G', '0%', '/dev'],
            mount(draw.of(['/dev/sda2', '/dev/mapper/rootvg-rootlv']), '99G', '/'),
            mount('/dev/sdb1', '197G', '/var'),
            [
              'tmpfs',
              `${draw.decimal(300, 800, 0)}M`,
              `${draw.decimal(1, 9)}M`,
              `${draw.decimal(300, 800, 0)}M`,
              '1%',
              '/run',
            ],
          ],
          2,
          [1, 2, 3, 4],
        ),
      )
    },
    odd: [
      { replace: end, by: '\ndf: /mnt/backup: Stale file handle', shows: 'Stale file handle', code: 1 },
      { replace: /\n.*\/var(?=\n)/, by: '', usual: '/var' },
    ],
  },
  {
    name: 'df -h in Chinese',
    language: 'Chinese',
    output: (draw) =>
      lines(
        ...columnLines([
          ['文件系统', '容量', '已用', '可用', '已用%', '挂载点'],
          [
            '/dev/vda1',
            '40G',
            `${draw.decimal(5, 39)}G`,
            `${draw.decimal(1, 30)}G`,
            `${draw.between(10, 97)}%`,
            '/',
          ],
          [
            '/dev/vdb1',
            '500G',
            `${draw.between(20, 480)}G`,
            `${draw.between(20, 480)}G`,
            `${draw.between(4, 96)}%`,
            '/data',
          ],
        ]),
      ),
    odd: [{ replace: end, by: '\ndf: /mnt/nfs: 输入/输出错误', shows: '输入/输出错误', code: 1 }],
  },
  {
    name: 'ps aux',
    language: 'English',
    output: (draw) => {
      const row = (user: string, command: string): (string | number)[] => [
        user,
        draw.pid(),
        draw.decimal(0, 9),
        draw.decimal(0, 9),
        draw.between(5_000, 900_000),
        draw.between(1_000, 90_000),
        '?',
        'Ss',
        draw.of([draw.clock(), `Nov${draw.between(10, 28)}`]),
        `${draw.between(0, 300)}:${draw.between(10, 59)}`,
        command,
      ]
      return lines(
        ...columnLines(
          [
            ['USER', 'PID', '%CPU', '%MEM', 'VSZ', 'RSS', 'TTY', 'STAT', 'START', 'TIME', 'COMMAND'],
            row('root', '/usr/sbin/sshd -D'),
            row('root', '/usr/sbin/cron -f'),
            row('root', '/usr/local/qualys/cloud-agent/bin/qualys-cloud-agent'),
            row('syslog', '/usr/sbin/rsyslogd -n'),
          ],
          1,
          [1, 2, 3, 4, 5],
        ),
      )
    },
    odd: [
      {
        replace: end,
        by: '\nnobody 3391 98.7 1.2 2442 812 ? Rl 03:12 999:59 /tmp/.x/xmrig',
        shows: '/tmp/.x/xmrig',
      },
      { replace: /syslog( .*rsyslogd)/, by: 'root  $1', shows: /\broot\b/ },
    ],
  },
  {
    name: 'who',
    language: 'English',
    output: (draw) =>
      lines(
        ...draw.times(draw.between(1, 5), () => {
          const [year, month, day, time] = draw.dateParts()
          return `${draw.of(['admin', 'deploy', 'backup']).padEnd(8)} pts/${draw.below(12)}        ${year}-${month}-${day} ${time.slice(0, 5)} (${draw.address()})`
        }),
      ),
    odd: [{ replace: /^\w+/, by: 'mallory', shows: 'mallory' }],
  },
  {
    name: 'the same five services in another order',
    language: 'English',
    output: (draw) =>
      lines(
        ...draw
          .shuffled(['sshd', 'chronyd', 'rsyslog', 'auditd', 'postgresql'])
          .map((name) => `${name} running`),
      ),
    odd: [{ replace: 'postgresql running', by: 'postgresql stopped', shows: 'stopped' }],
  },
]
