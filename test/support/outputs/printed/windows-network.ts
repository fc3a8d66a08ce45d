import { columnLines, crlfLines, type FleetOutput } from '../fleet-output.ts'

// Networks of Windows hosts, and who may use them.

/** `   Name. . . . : value`, as ipconfig writes it. */
const dotted = (name: string, value: string): string =>
  `   ${name}${' .'.repeat(18).slice(0, Math.max(2, 36 - name.length))}: ${value}`

export const windowsNetwork: readonly FleetOutput[] = [
  {
    name: 'netstat -ano',
    language: 'English',
    output: (draw) => {
      const own = draw.address()
      const listening = [135, 445, 3_389].map((port) => [
        'TCP',
        `0.0.0.0:${port}`,
        '0.0.0.0:0',
        'LISTENING',
        draw.between(4, 3_000),
      ])
      const established = draw.times(draw.between(2, 7), () => [
        'TCP',
        `${own}:${draw.between(49_152, 65_535)}`,
        `${draw.address()}:443`,
        'ESTABLISHED',
        draw.between(4, 3_000),
      ])
      return crlfLines(
        '',
        'Active Connections',
        '',
        ...columnLines(
          [['Proto', 'Local Address', 'Foreign Address', 'State', 'PID'], ...listening, ...established],
          4,
        ).map((line) => `  ${line}`),
      )
    },
    odd: [
      {
        replace: /(\r\n.*?)0\.0\.0\.0:445( .*)/,
        by: '$10.0.0.0:445$2$10.0.0.0:4444$2',
        shows: '4444',
      },
      { replace: /\r\n.*:3389 .*/, by: '', usual: '3389' },
    ],
  },
  {
    name: 'netstat -ano in German',
    language: 'German',
    output: (draw) =>
      crlfLines(
        '',
        'Aktive Verbindungen',
        '',
        '  Proto  Lokale Adresse         Remoteadresse          Status           PID',
        ...[135, 445, 5_985].map(
          (port) =>
            `  TCP    ${`0.0.0.0:${port}`.padEnd(22)} 0.0.0.0:0              ABHÖREN         ${draw.between(4, 3_000)}`,
        ),
        ...draw.times(
          draw.between(1, 5),
          () =>
            `  TCP    ${`${draw.address()}:${draw.between(49_152, 65_535)}`.padEnd(22)} ${`${draw.address()}:443`.padEnd(22)} HERGESTELLT     ${draw.between(4, 3_000)}`,
        ),
      ),
    odd: [{ replace: '0.0.0.0:5985', by: '0.0.0.0:5986', shows: '5986', usual: '5985' }],
  },
  {
    name: 'ipconfig /all',
    language: 'English',
    output: (draw, host) =>
      crlfLines(
        '',
        'Windows IP Configuration',
        '',
        dotted('Host Name', host),
        dotted('Node Type', 'Hybrid'),
        dotted('IP Routing Enabled', 'No'),
        '',
        'Ethernet adapter Ethernet0:',
        '',
        dotted('Physical Address', draw.mac('-').toUpperCase()),
        dotted('DHCP Enabled', 'Yes'),
        dotted(
          'Link-local IPv6 Address',
          `fe80::${draw.hex(4)}:${draw.hex(4)}:${draw.hex(4)}:${draw.hex(4)}%${draw.between(3, 20)}(Preferred)`,
        ),
        dotted('IPv4 Address', `${draw.address()}(Preferred)`),
        dotted(
          'Lease Obtained',
          `Friday, November 20, 2026 ${draw.between(1, 12)}:${draw.between(10, 59)}:${draw.between(10, 59)} AM`,
        ),
        dotted('DNS Servers', '10.0.0.53'),
      ),
    odd: [
      { replace: '10.0.0.53', by: '8.8.8.8', shows: '8.8.8.8', usual: '10.0.0.53' },
      { replace: /(Routing.*)No/, by: '$1Yes', shows: /Yes/ },
    ],
  },
  {
    name: 'ipconfig /all in German',
    language: 'German',
    output: (draw, host) =>
      crlfLines(
        '',
        'Windows-IP-Konfiguration',
        '',
        dotted('Hostname', host),
        dotted('Primäres DNS-Suffix', 'firma.example.de'),
        dotted('Knotentyp', 'Hybrid'),
        '',
        'Ethernet-Adapter Ethernet:',
        '',
        dotted('Physische Adresse', draw.mac('-').toUpperCase()),
        dotted('DHCP aktiviert', 'Ja'),
        dotted('IPv4-Adresse', `${draw.address()}(Bevorzugt)`),
        dotted('Lease erhalten', `Freitag, ${draw.between(1, 28)}. November 2026 ${draw.time()}`),
        dotted('NetBIOS über TCP/IP', 'Deaktiviert'),
      ),
    odd: [
      { replace: ': Ja', by: ': Nein', shows: 'Nein', usual: 'Ja' },
      { replace: ': Deaktiviert', by: ': Aktiviert', shows: /\bAktiviert/, usual: 'Deaktiviert' },
    ],
  },
  {
    name: 'ipconfig /all in French',
    language: 'French',
    output: (draw, host) =>
      crlfLines(
        '',
        'Configuration IP de Windows',
        '',
        dotted('Nom de l’hôte', host),
        dotted('Type de noeud', 'Hybride'),
        dotted('Routage IP activé', 'Non'),
        '',
        'Carte Ethernet Ethernet0 :',
        '',
        dotted('Adresse physique', draw.mac('-').toUpperCase()),
        dotted('Adresse IPv4', `${draw.address()}(préféré)`),
        dotted('Bail obtenu', `vendredi ${draw.between(1, 28)} novembre 2026 ${draw.time()}`),
        dotted('Serveurs DNS', '10.0.0.53'),
      ),
    odd: [{ replace: '10.0.0.53', by: '1.1.1.1', shows: '1.1.1.1', usual: '10.0.0.53' }],
  },
  {
    name: 'ipconfig in Chinese',
    language: 'Chinese',
    output: (draw) =>
      crlfLines(
        '',
        'Windows IP 配置',
        '',
        '以太网适配器 以太网:',
        '',
        '   连接特定的 DNS 后缀 . . . . . . . : corp.example.cn',
        `   本地链接 IPv6 地址. . . . . . . . : fe80::${draw.hex(4)}:${draw.hex(4)}:${draw.hex(4)}:${draw.hex(4)}%${draw.between(3, 20)}`,
        `   IPv4 地址 . . . . . . . . . . . . : ${draw.address()}`,
        '   子网掩码  . . . . . . . . . . . . : 255.255.255.0',
        '   默认网关. . . . . . . . . . . . . : 10.1.0.1',
      ),
    odd: [
      { replace: '255.255.255.0', by: '255.255.0.0', shows: '255.255.0.0', usual: '255.255.255.0' },
      { replace: /\r\n.*默认网关.*/, by: '\r\n   默认网关. . . . . . . . . . . . . :', usual: '10.1.0.1' },
    ],
  },
  {
    name: 'net user in Spanish',
    language: 'Spanish',
    output: (draw) => {
      const [year, month, day, time] = draw.dateParts()
      return crlfLines(
        'Nombre de usuario                          Administrador',
        'Código de país o región                    000 (Predeterminado por el equipo)',
        'Cuenta activa                              No',
        'La cuenta expira                           Nunca',
        '',
        `Ultimo cambio de contraseña                ${day}/${month}/${year} ${time}`,
        'La contraseña expira                       Nunca',
        `Ultima sesión iniciada                     ${draw.between(1, 28)}/${draw.between(1, 12)}/2026 ${draw.time()}`,
        'Miembros del grupo local                   *Administradores',
        'Se ha completado el comando correctamente.',
      )
    },
    odd: [
      { replace: /(activa +)No/, by: '$1Sí', shows: 'Sí' },
      { replace: /(sesión iniciada +).*/, by: '$1Nunca', shows: /Nunca/ },
    ],
  },
  {
    name: 'net localgroup in German',
    language: 'German',
    output: (draw, host) =>
      crlfLines(
        'Aliasname     Administratoren',
        'Beschreibung  Administratoren haben uneingeschränkten Vollzugriff auf den Computer bzw. die Domäne.',
        '',
        'Mitglieder',
        '',
        '-------------------------------------------------------------------------------',
        ...draw.shuffled([
          `${host.toUpperCase()}\\Administrator`,
          'FIRMA\\Domänen-Admins',
          'FIRMA\\PC-Support',
        ]),
        'Der Befehl wurde erfolgreich ausgeführt.',
      ),
    odd: [
      { replace: /(FIRMA\\PC-Support)/, by: '$1\r\nFIRMA\\mmustermann', shows: 'mmustermann' },
      { replace: /FIRMA\\PC-Support\r\n/, by: '', usual: 'PC-Support' },
    ],
  },
  {
    name: 'gpresult in French',
    language: 'French',
    output: (draw, host) =>
      crlfLines(
        `Données RSOP pour CORP\\svc-qualys sur ${host.toUpperCase()} : Mode journalisation`,
        'Configuration du système d’exploitation : Poste de travail membre',
        `Dernière heure à laquelle la stratégie de groupe a été appliquée : ${draw.dateParts().slice(0, 3).reverse().join('/')} à ${draw.time()}`,
        'Seuil de liaison lente dans la stratégie de groupe : 500 kbps',
        '    Objets Stratégie de groupe appliqués',
        '        Default Domain Policy',
        '        Securite-Postes-v3',
        `Identifiant de session : S-1-5-21-${draw.between(1e9, 3e9)}-${draw.between(1e9, 3e9)}-${draw.between(1e9, 3e9)}-${draw.between(1_000, 9_999)}`,
      ),
    odd: [
      { replace: 'Securite-Postes-v3', by: 'Securite-Postes-v2', shows: 'Securite-Postes-v2' },
      { replace: /\r\n.*Securite-Postes-v3/, by: '', usual: 'Securite-Postes-v3' },
    ],
  },
]
