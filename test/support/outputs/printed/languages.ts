import { columnLines, crlfLines, type FleetOutput, lines, listLines } from '../fleet-output.ts'

// What programs and scripts print in further languages.

export const languages: readonly FleetOutput[] = [
  {
    name: 'systeminfo in Polish',
    language: 'Polish',
    output: (draw, host) =>
      crlfLines(
        `Nazwa hosta:                    ${host}`,
        'Nazwa systemu operacyjnego:     Microsoft Windows 11 Pro',
        'Wersja systemu operacyjnego:    10.0.22631 N/D Kompilacja 22631',
        `Data pierwszej instalacji:      ${draw.dateParts()[2]}.${draw.dateParts()[1]}.2025, ${draw.time()}`,
        `Całkowita ilość pamięci fizycznej: ${draw.grouped(4_000, 64_000, '\u00a0')} MB`,
        `Poprawki:                       Zainstalowane poprawki: 2.`,
        '                                [01]: KB5032189',
        '                                [02]: KB5030219',
      ),
    odd: [
      { replace: '[02]: KB5030219', by: '[02]: KB5029921', shows: 'KB5029921', usual: 'KB5030219' },
      { replace: /22631/g, by: '19045', shows: '19045', usual: '22631' },
    ],
  },
  {
    name: 'services in Polish',
    language: 'Polish',
    output: (draw) =>
      lines(
        `Sprawdzono: ${draw.between(1, 28)} listopada 2026 ${draw.time()}`,
        'Zapora systemu: włączona',
        `Usługa agenta działa (identyfikator procesu ${draw.pid()})`,
        'Szyfrowanie dysku: włączone',
      ),
    odd: [
      {
        replace: 'Zapora systemu: włączona',
        by: 'Zapora systemu: wyłączona',
        shows: 'wyłączona',
        usual: 'włączona',
      },
      { replace: /Usługa agenta działa .*/, by: 'Usługa agenta jest zatrzymana', shows: 'zatrzymana' },
    ],
  },
  {
    name: 'a date in Polish',
    language: 'Polish',
    output: (draw) =>
      lines(
        `${draw.of(['pon', 'wto', 'śro', 'czw', 'pią', 'sob', 'nie'])}, ${draw.between(1, 28)} ${draw.of(['sty', 'lut', 'mar', 'kwi', 'maj', 'cze', 'lip', 'sie', 'wrz', 'paź', 'lis', 'gru'])} 2026, ${draw.time()} CET`,
        'zgodny',
      ),
    odd: [{ replace: 'zgodny', by: 'niezgodny', shows: 'niezgodny' }],
  },
  {
    name: 'a report in Turkish',
    language: 'Turkish',
    output: (draw, host) =>
      lines(
        `Bilgisayar adı: ${host}`,
        `Son güncelleme: ${draw.between(1, 28)} ${draw.of(['Ocak', 'Şubat', 'Mart', 'Nisan', 'Mayıs', 'Haziran', 'Temmuz', 'Ağustos', 'Eylül', 'Ekim', 'Kasım', 'Aralık'])} 2026`,
        'Güvenlik duvarı: açık',
        `Boş alan: ${draw.decimal(1, 400).replace('.', ',')} GB`,
        `Açık oturumlar: ${draw.between(100, 9_000)}`,
      ),
    odd: [
      { replace: 'duvarı: açık', by: 'duvarı: kapalı', shows: 'kapalı', usual: 'açık' },
      { replace: /Son güncelleme: .*/, by: 'Son güncelleme: hiç', shows: 'hiç' },
    ],
  },
  {
    name: 'a service in Turkish',
    language: 'Turkish',
    output: (draw) =>
      lines(`${draw.iso()} hizmet çalışıyor`, `süre: ${draw.between(2, 900)} sn`, 'İmza doğrulandı'),
    odd: [{ replace: 'İmza doğrulandı', by: 'İmza doğrulanamadı', shows: 'doğrulanamadı' }],
  },
  {
    name: 'a report in Korean',
    language: 'Korean',
    output: (draw, host) =>
      lines(
        `호스트 이름: ${host}`,
        `점검 시각: 2026년 ${draw.between(1, 12)}월 ${draw.between(1, 28)}일 ${draw.of(['오전', '오후'])} ${draw.between(1, 12)}:${draw.between(10, 59)}`,
        '방화벽: 사용',
        `남은 공간: ${draw.between(10, 900)}GB`,
        '마지막 업데이트: KB5032189',
      ),
    odd: [
      { replace: '방화벽: 사용', by: '방화벽: 사용 안 함', shows: '사용 안 함' },
      { replace: 'KB5032189', by: 'KB5031356', shows: 'KB5031356', usual: 'KB5032189' },
      { replace: /남은 공간: \d+GB/, by: '남은 공간: 0GB', shows: /(?<!\d)0GB/ },
    ],
  },
  {
    name: 'netstat in Korean',
    language: 'Korean',
    output: (draw) =>
      crlfLines(
        '활성 연결',
        '',
        '  프로토콜  로컬 주소              외부 주소              상태            PID',
        `  TCP       0.0.0.0:135            0.0.0.0:0              LISTENING       ${draw.pid()}`,
        `  TCP       0.0.0.0:445            0.0.0.0:0              LISTENING       4`,
      ),
    odd: [
      {
        replace: /$/,
        by: '\r\n  TCP       0.0.0.0:4444           0.0.0.0:0              LISTENING       31337',
        shows: '4444',
      },
    ],
  },
  {
    name: 'a report in Arabic',
    language: 'Arabic',
    output: (draw, host) =>
      lines(
        `اسم الجهاز: ${host}`,
        `تاريخ الفحص: ${draw.between(1, 28)} ${draw.of(['يناير', 'فبراير', 'مارس', 'أبريل', 'مايو', 'يونيو'])} 2026`,
        'جدار الحماية: مفعل',
        `المساحة الحرة: ${draw.between(10, 900)} جيجابايت`,
        `رقم العملية: ${draw.pid()}`,
      ),
    odd: [
      { replace: 'الحماية: مفعل', by: 'الحماية: معطل', shows: 'معطل', usual: 'مفعل' },
      { replace: /المساحة الحرة: \d+/, by: 'المساحة الحرة: 0', shows: /(?<!\d)0(?!\d)/ },
    ],
  },
  {
    name: 'Arabic digits',
    language: 'Arabic',
    output: (draw) =>
      lines(
        `الوقت: ${String(draw.between(1_000, 99_999)).replace(/\d/g, (digit) => '٠١٢٣٤٥٦٧٨٩'.charAt(Number(digit)))}`,
        'التحديثات: مثبتة',
      ),
    odd: [{ replace: 'مثبتة', by: 'ناقصة', shows: 'ناقصة', usual: 'مثبتة' }],
  },
  {
    name: 'a report in Hebrew',
    language: 'Hebrew',
    output: (draw, host) =>
      lines(
        `שם המחשב: ${host}`,
        `נבדק ב-${draw.between(1, 28)} בנובמבר 2026, ${draw.clock()}`,
        'חומת אש: פעילה',
        `תהליכים: ${draw.between(100, 999)}`,
      ),
    odd: [{ replace: 'אש: פעילה', by: 'אש: כבויה', shows: 'כבויה', usual: 'פעילה' }],
  },
  {
    name: 'systemctl in Italian',
    language: 'Italian',
    output: (draw) =>
      lines(
        `${draw.of(['lun', 'mar', 'mer', 'gio', 'ven', 'sab', 'dom'])} ${draw.between(1, 28)} ${draw.of(['gen', 'feb', 'mar', 'apr', 'mag', 'giu', 'lug', 'ago', 'set', 'ott', 'nov', 'dic'])} 2026, ${draw.time()}, CET`,
        `il servizio è attivo da ${draw.between(2, 90)} giorni`,
        'antivirus: aggiornato',
        `memoria libera: ${draw.decimal(1, 60).replace('.', ',')} GiB`,
      ),
    odd: [
      { replace: /il servizio è attivo .*/, by: 'il servizio non è attivo', shows: 'non è attivo' },
      { replace: 'antivirus: aggiornato', by: 'antivirus: scaduto', shows: 'scaduto', usual: 'aggiornato' },
    ],
  },
  {
    name: 'a table in Dutch',
    language: 'Dutch',
    output: (draw) =>
      lines(
        ...columnLines([
          ['Onderdeel', 'Status', 'Gecontroleerd'],
          [
            'Schijfversleuteling',
            'ingeschakeld',
            `${draw.between(1, 28)} ${draw.of(['jan.', 'feb.', 'mrt.', 'apr.', 'mei', 'jun.'])} 2026`,
          ],
          [
            'Brandmuur',
            'ingeschakeld',
            `${draw.between(1, 28)} ${draw.of(['jan.', 'feb.', 'mrt.', 'apr.', 'mei', 'jun.'])} 2026`,
          ],
        ]),
      ),
    odd: [
      { replace: /(Brandmuur +)ingeschakeld/, by: '$1uitgeschakeld', shows: 'uitgeschakeld' },
      { replace: /(Schijfversleuteling +ingeschakeld +).*/, by: '$1nooit', shows: 'nooit' },
    ],
  },
  {
    name: 'net accounts in Portuguese',
    language: 'Portuguese',
    output: (draw) =>
      crlfLines(
        ...listLines({
          'Duração mínima da senha (dias)': 1,
          'Duração máxima da senha (dias)': 90,
          'Comprimento mínimo da senha': 14,
          'Limite de bloqueio': 5,
          'Verificado em': `${draw.between(1, 28)} de ${draw.of(['janeiro', 'fevereiro', 'março', 'abril', 'maio', 'junho'])} de 2026`,
        }),
        'Comando concluído com êxito.',
      ),
    odd: [
      { replace: ': 14', by: ': 8', shows: /(?<![\d.])8(?![\d.])/ },
      { replace: /(bloqueio +): 5/, by: '$1: Nunca', shows: 'Nunca' },
    ],
  },
  {
    name: 'an error in Czech',
    language: 'Czech',
    code: 1,
    output: (draw) =>
      lines(
        `${draw.between(1, 28)}. listopadu 2026 ${draw.time()}`,
        `chyba: proces ${draw.pid()} neodpovídá`,
        'počet pokusů: 3',
      ),
    odd: [{ replace: /chyba: .*/, by: 'chyba: přístup odepřen', shows: 'přístup odepřen' }],
  },
  {
    name: 'a report in Greek',
    language: 'Greek',
    output: (draw) =>
      lines(
        `Ημερομηνία: ${draw.between(1, 28)} Νοεμβρίου 2026`,
        'Τείχος προστασίας: ενεργό',
        `Διεργασίες: ${draw.between(90, 900)}`,
      ),
    odd: [{ replace: 'ενεργό', by: 'ανενεργό', shows: 'ανενεργό' }],
  },
  {
    name: 'a report in Thai',
    language: 'Thai',
    output: (draw) =>
      lines(
        `ตรวจสอบเมื่อ ${draw.between(1, 28)} พ.ย. 2569 ${draw.clock()}`,
        'ไฟร์วอลล์: เปิด',
        `เนื้อที่ว่าง: ${draw.between(10, 900)} GB`,
      ),
    odd: [{ replace: 'ไฟร์วอลล์: เปิด', by: 'ไฟร์วอลล์: ปิด', shows: /: ปิด|(?<!เ)ปิด/ }],
  },
]
