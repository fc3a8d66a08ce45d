import { columnLines, type FleetOutput, lines } from '../fleet-output.ts'

// How a Linux host is set up.

export const linuxSystem: readonly FleetOutput[] = [
  {
    name: 'auditctl -s',
    language: 'English',
    output: (draw) =>
      lines(
        'enabled 1',
        'failure 1',
        `pid ${draw.pid()}`,
        'rate_limit 0',
        'backlog_limit 8192',
        `lost ${draw.between(1, 90_000)}`,
        `backlog ${draw.of([0, 1, 2, 3])}`,
        'backlog_wait_time 60000',
        `backlog_wait_time_actual ${draw.between(1, 5_000)}`,
        'loginuid_immutable 0 unlocked',
      ),
    odd: [
      { replace: 'failure 1', by: 'failure 2', shows: /\b2\b/ },
      { replace: /^pid .*$/m, by: 'pid 0', shows: /\b0\b/ },
      { replace: 'backlog_limit 8192', by: 'backlog_limit 64', shows: /\b64\b/, usual: '8192' },
    ],
  },
  {
    name: 'ls -l',
    language: 'English',
    output: (draw) => {
      const row = (mode: string, name: string, group = 'root'): (string | number)[] => [
        `${mode} 1 root ${group}`,
        draw.between(20, 900_000),
        `Nov ${String(draw.between(1, 28)).padStart(2)} ${draw.clock()}`,
        name,
      ]
      return lines(
        `total ${draw.between(40, 4_000)}`,
        ...columnLines(
          [
            row('-rw-r--r--', 'passwd'),
            row('-rw-r-----', 'shadow', 'shadow'),
            row('-rw-r--r--', 'group'),
            row('-r--r-----', 'sudoers'),
          ],
          1,
          [1],
        ),
      )
    },
    odd: [
      { replace: '-rw-r-----', by: '-rw-rw-rw-', shows: '-rw-rw-rw-', usual: '-rw-r-----' },
      { replace: /\n.*sudoers/, by: '', usual: 'sudoers' },
    ],
  },
  {
    name: 'ls -l in Russian',
    language: 'Russian',
    output: (draw) =>
      lines(
        `итого ${draw.between(8, 900)}`,
        ...['agent.conf', 'agent.log', 'agent.pid'].map(
          (name) =>
            `-rw-r--r-- 1 root root ${String(draw.between(4, 90_000)).padStart(6)} ${draw.of(['янв', 'фев', 'мар', 'апр', 'мая', 'июн', 'июл', 'авг', 'сен', 'окт', 'ноя', 'дек'])} ${draw.between(1, 28)} ${draw.clock()} ${name}`,
        ),
      ),
    odd: [{ replace: /root root( .*agent\.conf)/, by: 'ivanov users$1', shows: 'ivanov' }],
  },
  {
    name: 'sysctl -a',
    language: 'English',
    output: (draw) =>
      lines(
        `fs.file-nr = ${draw.between(1_000, 9_000)}\t0\t${draw.between(100_000, 990_000)}`,
        `fs.inode-nr = ${draw.between(20_000, 900_000)}\t${draw.between(100, 90_000)}`,
        'kernel.dmesg_restrict = 1',
        `kernel.random.boot_id = ${draw.guid()}`,
        'kernel.randomize_va_space = 2',
        `kernel.threads-max = ${draw.between(30_000, 130_000)}`,
        'net.ipv4.conf.all.accept_redirects = 0',
        'net.ipv4.ip_forward = 0',
      ),
    odd: [
      { replace: 'ip_forward = 0', by: 'ip_forward = 1', shows: /\b1\b/ },
      { replace: 'va_space = 2', by: 'va_space = 0', shows: /\b0\b/ },
      { replace: 'kernel.dmesg_restrict = 1\n', by: '', usual: 'dmesg_restrict' },
    ],
  },
  {
    name: 'sshd -T',
    language: 'English',
    output: (draw) =>
      lines(
        'port 22',
        `listenaddress ${draw.address()}:22`,
        'permitrootlogin no',
        'passwordauthentication no',
        'maxauthtries 4',
        'clientaliveinterval 300',
        'ciphers chacha20-poly1305@openssh.com,aes256-gcm@openssh.com',
        'x11forwarding no',
      ),
    odd: [
      { replace: 'permitrootlogin no', by: 'permitrootlogin yes', shows: 'yes' },
      { replace: 'maxauthtries 4', by: 'maxauthtries 6', shows: /\b6\b/ },
      { replace: 'port 22\n', by: 'port 22\nport 2222\n', shows: '2222' },
    ],
  },
  {
    name: 'mount',
    language: 'English',
    output: (draw) =>
      lines(
        `/dev/mapper/vg${draw.hex(6)}-root on / type xfs (rw,relatime,seclabel,attr2)`,
        `/dev/disk/by-uuid/${draw.guid()} on /boot type xfs (rw,relatime,seclabel)`,
        'tmpfs on /tmp type tmpfs (rw,nosuid,nodev,noexec,seclabel)',
        `tmpfs on /run/user/${draw.between(1_000, 9_999)} type tmpfs (rw,nosuid,nodev,size=${draw.between(300_000, 990_000)}k)`,
      ),
    odd: [{ replace: 'rw,nosuid,nodev,noexec,seclabel', by: 'rw,nosuid,seclabel', shows: 'nosuid,seclabel' }],
  },
  {
    name: 'lsblk',
    language: 'English',
    output: (draw) =>
      lines(
        ...columnLines(
          [
            ['NAME', 'MAJ:MIN', 'RM', 'SIZE', 'RO', 'TYPE', 'MOUNTPOINT'],
            ['sda', '8:0', '0', `${draw.decimal(100, 900)}G`, '0', 'disk', ''],
            ['├─sda1', '8:1', '0', '1G', '0', 'part', '/boot'],
            ['└─sda2', '8:2', '0', `${draw.decimal(100, 900)}G`, '0', 'part', ''],
            [`  └─luks-${draw.guid()}`, '253:0', '0', `${draw.decimal(100, 900)}G`, '0', 'crypt', '/'],
          ],
          1,
          [3],
        ),
      ),
    odd: [{ replace: 'crypt', by: 'lvm', shows: 'lvm', usual: 'crypt' }],
  },
  {
    name: 'crontab -l',
    language: 'English',
    output: (draw) =>
      lines(
        `# installed ${draw.iso()}`,
        'MAILTO=root',
        `${draw.below(60)} ${draw.below(6)} * * * /usr/local/bin/backup --jitter ${draw.between(1, 3_600)}`,
        `${draw.below(60)} 3 * * 0 /usr/sbin/logrotate /etc/logrotate.conf`,
      ),
    odd: [
      { replace: 'MAILTO=root', by: 'MAILTO=oncall', shows: 'oncall', usual: 'root' },
      { replace: /$/, by: '\n@reboot /tmp/.cache/update', shows: '/tmp/.cache/update' },
    ],
  },
  {
    name: 'chage -l in Russian',
    language: 'Russian',
    output: (draw) => {
      const [year, , day] = draw.dateParts()
      const month = draw.of([
        'янв',
        'фев',
        'мар',
        'апр',
        'мая',
        'июн',
        'июл',
        'авг',
        'сен',
        'окт',
        'ноя',
        'дек',
      ])
      return lines(
        `Последний раз пароль был изменён                            : ${month} ${day}, ${year}`,
        'Срок действия пароля истекает                               : никогда',
        'Пароль будет деактивирован через                            : никогда',
        'Срок действия учётной записи истекает                       : никогда',
        'Минимальное количество дней между сменой пароля             : 7',
        'Максимальное количество дней между сменой пароля            : 90',
      )
    },
    odd: [
      { replace: ': 90', by: ': 99999', shows: '99999', usual: '90' },
      {
        replace: / [а-я]{3} \d\d, \d{4}/,
        by: ' пароль должен быть изменён',
        shows: 'должен',
      },
    ],
  },
  {
    name: 'last in German',
    language: 'German',
    output: (draw) =>
      lines(
        ...draw.times(draw.between(2, 6), () => {
          const day = draw.of(['Mo', 'Di', 'Mi', 'Do', 'Fr', 'Sa', 'So'])
          return `${draw.of(['admin', 'wartung']).padEnd(8)} pts/${draw.below(4)}        ${draw.address().padEnd(16)} ${day} Nov ${String(draw.between(1, 28)).padStart(2)} ${draw.clock()} - ${draw.clock()}  (${draw.clock()})`
        }),
        '',
        `wtmp beginnt ${draw.of(['Mo', 'Di', 'Mi', 'Do', 'Fr'])} Nov ${draw.between(1, 9)} ${draw.time()} 2026`,
      ),
    odd: [{ replace: /^\w+/, by: 'praktikant', shows: 'praktikant' }],
  },
]
