import { crlfLines, end, type FleetOutput, listLines, underlinedLines } from '../fleet-output.ts'

// What a Windows host is, and what it has installed.

const bases = [4_095, 8_191, 16_383]

export const windowsSystem: readonly FleetOutput[] = [
  {
    name: 'systeminfo',
    language: 'English',
    output: (draw, host) => {
      const [year, month, day, time] = draw.dateParts()
      return crlfLines(
        '',
        `Host Name:                 ${host.toUpperCase()}`,
        'OS Name:                   Microsoft Windows Server 2022 Standard',
        'OS Version:                10.0.20348 N/A Build 20348',
        `Product ID:                00454-60000-00001-AA${draw.between(100, 999)}`,
        `Original Install Date:     ${Number(month)}/${Number(day)}/${year}, ${time} AM`,
        `System Boot Time:          11/${draw.between(1, 28)}/2026, ${draw.time()} PM`,
        'System Type:               x64-based PC',
        `Total Physical Memory:     ${draw.of(bases).toLocaleString('en')} MB`,
        `Available Physical Memory: ${draw.grouped(400, 9_000)} MB`,
        'Domain:                    corp.example.com',
        'Hotfix(s):                 2 Hotfix(s) Installed.',
        '                           [01]: KB5032189',
        '                           [02]: KB5031539',
        `Network Card(s):           1 NIC(s) Installed.`,
        `                                 [01]: ${draw.address()}`,
      )
    },
    odd: [
      { replace: 'KB5032189', by: 'KB5031356', shows: 'KB5031356', usual: 'KB5032189' },
      { replace: '10.0.20348 N/A', by: '10.0.17763 N/A', shows: '10.0.17763', usual: '10.0.20348' },
      { replace: /corp\.example\.com/, by: 'WORKGROUP', shows: 'WORKGROUP' },
    ],
  },
  {
    name: 'systeminfo in German',
    language: 'German',
    output: (draw, host) => {
      const [year, month, day, time] = draw.dateParts()
      return crlfLines(
        '',
        `Hostname:                                      ${host.toUpperCase()}`,
        'Betriebssystemname:                            Microsoft Windows 11 Enterprise',
        'Betriebssystemversion:                         10.0.22631 Nicht zutreffend Build 22631',
        'Betriebssystemhersteller:                      Microsoft Corporation',
        `Ursprüngliches Installationsdatum:             ${day}.${month}.${year}, ${time}`,
        `Systemstartzeit:                               ${draw.between(10, 28)}.11.2026, ${draw.time()}`,
        'Systemhersteller:                              Dell Inc.',
        `Gesamter physischer Speicher:                  ${draw.of(bases).toLocaleString('de')} MB`,
        `Verfügbarer physischer Speicher:               ${draw.grouped(400, 9_000, '.')} MB`,
        `Virtueller Arbeitsspeicher: Zurzeit verwendet: ${draw.grouped(400, 9_000, '.')} MB`,
        'Hotfix(es):                                    1 Hotfix(e) installiert.',
        '                                               [01]: KB5032190',
      )
    },
    odd: [{ replace: '10.0.22631 Nicht', by: '10.0.19045 Nicht', shows: '10.0.19045', usual: '10.0.22631' }],
  },
  {
    name: 'Get-HotFix | Format-Table',
    language: 'English',
    output: (draw, host) =>
      crlfLines(
        '',
        ...underlinedLines(
          ['Source', 'Description', 'HotFixID', 'InstalledBy', 'InstalledOn'],
          [
            ['Update', 'KB5031364'],
            ['Security Update', 'KB5032189'],
            ['Security Update', 'KB5031539'],
          ].map(([kind = '', id = '']) => {
            const [year, month, day] = draw.dateParts()
            return [
              host.toUpperCase().slice(0, draw.between(8, 11)),
              kind,
              id,
              'NT AUTHORITY\\SYSTEM',
              `${Number(month)}/${Number(day)}/${year} 12:00:00 AM`,
            ]
          }),
        ),
        '',
      ),
    odd: [
      { replace: 'KB5032189', by: 'KB5027215', shows: 'KB5027215', usual: 'KB5032189' },
      { replace: /\r\n.*KB5031539.*/, by: '', usual: 'KB5031539' },
    ],
  },
  {
    name: 'KB installed',
    language: 'English',
    output: (draw) => crlfLines('KB installed: KB5032189', `checked at ${draw.iso()}Z`),
    odd: [{ replace: 'KB5032189', by: 'KB5031356', shows: 'KB5031356', usual: 'KB5032189' }],
  },
  {
    name: 'wmic os get /value',
    language: 'English',
    output: (draw) => {
      const boot = draw.iso().replace(/\D/g, '')
      return crlfLines(
        '',
        'BuildNumber=20348',
        'Caption=Microsoft Windows Server 2022 Datacenter',
        `FreePhysicalMemory=${draw.between(400_000, 9_000_000)}`,
        `LastBootUpTime=${boot}.500000+060`,
        `NumberOfProcesses=${draw.between(80, 400)}`,
        `SerialNumber=00454-${draw.between(10_000, 99_999)}-${draw.between(10_000, 99_999)}-AA${draw.between(100, 999)}`,
        'ServicePackMajorVersion=0',
        'Version=10.0.20348',
        '',
      )
    },
    odd: [
      { replace: 'Datacenter', by: 'Standard', shows: 'Standard', usual: 'Datacenter' },
      { replace: 'MajorVersion=0', by: 'MajorVersion=2', shows: /\b2\b/ },
      { replace: /Memory=\d+/, by: 'Memory=0', shows: /\b0\b/ },
    ],
  },
  {
    name: 'reg query',
    language: 'English',
    output: (draw) =>
      crlfLines(
        '',
        'HKEY_LOCAL_MACHINE\\SOFTWARE\\Policies\\Example',
        `    MachineGuid    REG_SZ    ${draw.guid()}`,
        `    LastSync    REG_QWORD    0x1db${draw.hex(12)}`,
        '    EnableLUA    REG_DWORD    0x1',
        '    RunAsPPL    REG_DWORD    0x1',
        '    MinLength    REG_DWORD    0xe',
      ),
    odd: [
      { replace: /(EnableLUA.*)0x1/, by: '$10x0', shows: '0x0' },
      { replace: '0xe', by: '0x8', shows: '0x8', usual: '0xe' },
      { replace: /\r\n.*RunAsPPL.*/, by: '', usual: 'RunAsPPL' },
    ],
  },
  {
    name: 'Get-MpComputerStatus',
    language: 'English',
    output: (draw) => {
      const [year, month, day, time] = draw.dateParts()
      const hour = ((Number(time.slice(0, 2)) + 11) % 12) + 1
      return crlfLines(
        '',
        ...listLines(
          {
            AMProductVersion: '4.18.24090.11',
            AMRunningMode: 'Normal',
            AMServiceEnabled: 'True',
            AntivirusSignatureAge: draw.of([0, 0, 0, 1]),
            AntivirusSignatureLastUpdated: `${Number(month)}/${Number(day)}/${year} ${hour}${time.slice(2)} AM`,
            AntivirusSignatureVersion: `1.421.${draw.between(100, 999)}.0`,
            ComputerID: draw.guid().toUpperCase(),
            IsTamperProtected: 'True',
            QuickScanAge: draw.between(0, 9),
            RealTimeProtectionEnabled: 'True',
          },
          2,
        ),
      )
    },
    odd: [
      { replace: /(RealTime\w+ +: )True/, by: '$1False', shows: 'False' },
      { replace: /(SignatureAge +: )\d+/, by: '$14294967295', shows: '4294967295' },
    ],
  },
  {
    name: 'manage-bde -status in Spanish',
    language: 'Spanish',
    output: (draw) =>
      crlfLines(
        'Volumen C: [Windows]',
        '[Volumen del sistema operativo]',
        '',
        `    Tamaño:                       ${draw.decimal(100, 900, 2).replace('.', ',')} GB`,
        '    Versión de BitLocker:         2.0',
        '    Estado de conversión:         Solo espacio utilizado cifrado',
        '    Porcentaje cifrado:           100,0%',
        '    Método de cifrado:            XTS-AES 256',
        '    Estado de protección:         Protección activada',
        `    Identificador:                {${draw.guid().toUpperCase()}}`,
      ),
    odd: [
      {
        replace: 'Protección activada',
        by: 'Protección desactivada',
        shows: 'desactivada',
        usual: /(?<!des)activada/,
      },
      { replace: 'XTS-AES 256', by: 'AES 128', shows: '128', usual: '256' },
    ],
  },
  {
    name: 'chkdsk in Japanese',
    language: 'Japanese',
    output: (draw) =>
      crlfLines(
        'ファイル システムの種類は NTFS です。',
        '',
        `  ${draw.between(100_000, 900_000)} 個のファイル レコードが処理されました。`,
        `  ${draw.between(1_000, 9_000)} 個の大きなファイル レコードが処理されました。`,
        '  0 個の不良ファイル レコードが処理されました。',
        'Windows でファイル システムのスキャンが終了しました。',
        '問題は見つかりませんでした。',
        `  ${draw.between(10_000_000, 99_000_000)} KB : 空き領域`,
      ),
    odd: [
      { replace: '  0 個の不良', by: '  3 個の不良', shows: /(?<!\d)3(?!\d)/ },
      {
        replace: '問題は見つかりませんでした。',
        by: 'エラーが見つかりました。',
        shows: 'エラーが見つかりました',
      },
      { replace: end, by: '\r\nアクセスが拒否されました。', shows: 'アクセスが拒否されました', code: 5 },
    ],
  },
]
