// SPDX-License-Identifier: Apache-2.0

extension MessageBook {
    /// Files of the bank, and the mappings by which a CSV is read.
    static let ofStatements = [
        (
            "a CSV needs a mapping: its columns have no common names",
            "CSV bir eşleme ister: sütunlarının ortak adları yoktur"
        ),
        (
            "name one with --mapping; docs/reconcile.md shows how to write it",
            "--mapping ile birini verin; nasıl yazıldığını docs/reconcile.md gösterir"
        ),
        ("the mapping * cannot read a CSV", "$1 eşlemesi CSV okuyamaz"),
        (
            "it has no columns: it only takes descriptions apart",
            "sütun adı yok: yalnızca açıklamaları böler"
        ),
        ("columns lacks date", "columns içinde date yok"),
        (
            "dates lacks a pattern such as dd.MM.yyyy",
            "dates içinde dd.MM.yyyy gibi bir kalıp yok"
        ),
        (
            "columns needs amount, or credit and debit",
            "columns içinde amount ya da hem credit hem debit olmalı"
        ),
        (
            "direction needs incoming and outgoing words",
            "direction için incoming ve outgoing sözcükleri gerekir"
        ),
        (
            "no row has all the headings of the mapping *",
            "hiçbir satırda $1 eşlemesinin başlıklarının hepsi yok"
        ),
        (
            "compare its columns with the first rows of the file; large and small letters do not count",
            "eşlemenin columns bölümünü dosyanın ilk satırlarıyla karşılaştırın; büyük küçük harf fark etmez"
        ),
        ("column “*”: *", "“$1” sütunu: $2"),
        ("the balance cannot be read", "bakiye okunamıyor"),
        ("the day cannot be read", "gün okunamıyor"),
        ("the day * is yet to come", "$1 günü daha gelmedi"),
        (
            "compare dates of the mapping, and the clock of this machine",
            "eşlemedeki dates değerine ve bu makinenin saatine bakın"
        ),
        ("the day * is more than ten years ago", "$1 günü on yıldan eski"),
        (
            "compare dates of the mapping with the file",
            "eşlemedeki dates değerini dosyayla karşılaştırın"
        ),
        (
            "give dates its pattern, or footer the word with which the table ends",
            "kalıbını dates altına ya da tabloyu bitiren sözcüğü footer altına yazın"
        ),
        (
            "the line has another currency than the account",
            "satırın para birimi hesabınkinden başka"
        ),
        ("the time cannot be read", "saat okunamıyor"),
        ("it is HH:mm or HH:mm:ss", "SS:dd ya da SS:dd:ss biçiminde olur"),
        (
            "the row has no amount, or one on either side",
            "satırda tutar yok ya da iki yanda birden var"
        ),
        ("the row has no amount", "satırda tutar yok"),
        (
            "the direction is neither incoming nor outgoing",
            "yön ne incoming ne outgoing sözcüğü"
        ),
        (
            "add its word to incoming or outgoing of the mapping",
            "sözcüğünü eşlemenin incoming ya da outgoing listesine ekleyin"
        ),
        ("the amount cannot be read", "tutar okunamıyor"),
        (
            "numbers of the mapping says *: is it another?",
            "eşlemede numbers: $1 yazıyor; başkası mı olmalı?"
        ),
        ("export the file again", "dosyayı bankadan yeniden indirin"),
        ("export it again", "bankadan yeniden indirin"),
        ("export fewer days", "daha az günü indirin"),
        ("the file has more than * statements", "dosyada $1 ekstreden fazlası var"),
        ("the file has more than * MiB", "dosya $1 MiB'tan büyük"),
        ("the file is empty", "dosya boş"),
        ("the line is too long for MT940", "satır MT940 için çok uzun"),
        (
            "export the statement again as text, with its line ends",
            "ekstreyi satır sonlarıyla, metin olarak yeniden indirin"
        ),
        ("a field has more than * lines", "bir alan $1 satırdan uzun"),
        ("is the file whole? export it again", "dosya tam mı? yeniden indirin"),
        (
            "a movement stands before the opening balance",
            "açılış bakiyesinden önce bir hareket var"
        ),
        (
            "the file lacks its :60F:; export it again",
            "dosyada :60F: yok; yeniden indirin"
        ),
        ("the statement has no opening balance (:60F:)", "ekstrede açılış bakiyesi (:60F:) yok"),
        ("the statement has no closing balance (:62F:)", "ekstrede kapanış bakiyesi (:62F:) yok"),
        ("the file was cut off; export it again", "dosya yarım kalmış; yeniden indirin"),
        (
            "opening and closing balance have different currencies",
            "açılış ve kapanış bakiyelerinin para birimleri farklı"
        ),
        ("ask the bank", "bankaya sorun"),
        ("the balance (:*:) cannot be read", "bakiye (:$1:) okunamıyor"),
        ("it is written like C261122TRY1234,56", "C261122TRY1234,56 gibi yazılır"),
        (
            "a movement is written like 2611221122C1250,00NTRFNONREF//8994",
            "bir hareket 2611221122C1250,00NTRFNONREF//8994 gibi yazılır"
        ),
        ("the value date cannot be read", "valör tarihi okunamıyor"),
        ("the entry date is no day", "kayıt tarihi bir gün değil"),
        (
            "neither C nor D says which way the money went",
            "paranın yönünü söyleyen C ya da D yok"
        ),
        ("the file cannot be opened", "dosya açılamıyor"),
        ("is there memory left?", "bellek yetiyor mu?"),
        (
            "the file has a DOCTYPE, which CAMT.053 has not",
            "dosyada DOCTYPE var; CAMT.053'te olmaz"
        ),
        (
            "do not use it: it did not come from a bank",
            "bu dosyayı kullanmayın: bankadan gelmemiş"
        ),
        ("the elements nest too deep", "öğeler çok iç içe"),
        ("an entry is too large", "bir kayıt çok büyük"),
        ("a text is too long", "bir metin çok uzun"),
        ("an entity stands in the text", "metinde bir XML varlığı (entity) var"),
        ("the XML is broken or cut off here", "XML burada bozuk ya da yarım"),
        ("no statement (Stmt) in the file", "dosyada ekstre (Stmt) yok"),
        ("export it as CAMT.053", "CAMT.053 olarak indirin"),
        (
            "this is not CAMT.053: it has no BkToCstmrStmt",
            "bu CAMT.053 değil: BkToCstmrStmt yok"
        ),
        (
            "export the statement (053), not the report (052) or the notification (054)",
            "ekstreyi (053) indirin; raporu (052) ya da bildirimi (054) değil"
        ),
        (
            "the statement has no currency, or several",
            "ekstrenin para birimi yok ya da birden çok"
        ),
        ("ask the bank: an account has one", "bankaya sorun: bir hesabın tek para birimi olur"),
        (
            "an amount, its currency or its direction cannot be read",
            "bir tutar, para birimi ya da yönü okunamıyor"
        ),
        (
            "it is written like <Amt Ccy=\"TRY\">1250.00</Amt> with CRDT or DBIT",
            "CRDT ya da DBIT ile <Amt Ccy=\"TRY\">1250.00</Amt> gibi yazılır"
        ),
        ("an entry has no day of booking (*)", "bir kaydın işlem günü ($1) yok"),
        (
            "ask the bank: CAMT.053 lists what is booked",
            "bankaya sorun: CAMT.053 işlenmiş hareketleri listeler"
        ),
        (
            "a quote is opened here and never closed",
            "burada açılan tırnak hiç kapanmıyor"
        ),
        (
            "a field or row is longer than any bank writes",
            "bir alan ya da satır hiçbir bankanın yazmadığı kadar uzun"
        ),
        (
            "is a quote open, or the delimiter another one?",
            "açık kalan bir tırnak mı var, ayırıcı başka mı?"
        ),
        ("too large for a mapping", "bir eşleme için çok büyük"),
        (
            "a mapping is a list of keys and values",
            "eşleme, anahtar ve değer satırlarından oluşur"
        ),
        ("expected *", "beklenen: $1"),
        ("one sign, or tab, comma, semicolon", "tek bir işaret ya da tab, comma, semicolon"),
        (
            "what stands below, and its heading: date: Tarih",
            "altında neyin durduğu ve başlığı: date: Tarih"
        ),
        ("one of *", "şunlardan biri: $1"),
        (
            "patterns such as dd.MM.yyyy or dd/MM/yyyy HH:mm",
            "dd.MM.yyyy ya da dd/MM/yyyy HH:mm gibi kalıplar"
        ),
        ("three letters, such as TRY", "TRY gibi üç harf"),
        ("an IBAN; the check digits do not fit", "bir IBAN; kontrol rakamları tutmuyor"),
        (
            "forms with one {text} and signs between: {payer}/{text}",
            "bir {text} ve arada işaretler olan biçimler: {payer}/{text}"
        ),
        (
            "a key of docs/reconcile.md; this one is unknown",
            "docs/reconcile.md içindeki bir anahtar; bu bilinmiyor"
        ),
        ("a text of at most 200 signs", "en çok 200 işaretlik bir metin"),
    ]

    /// Files of registrations and of refunds.
    static let ofLists = [
        ("cannot be read", "okunamıyor"),
        ("the file cannot be read", "dosya okunamıyor"),
        (
            "the file is not UTF-8; save it as \"CSV UTF-8\"",
            "dosya UTF-8 değil; \"CSV UTF-8\" olarak kaydedin"
        ),
        (
            "the file is empty; its first line names the columns: *",
            "dosya boş; ilk satırı sütunların adlarıdır: $1"
        ),
        ("more than * rows", "$1 satırdan uzun"),
        (
            "* fields, but the first line names * columns",
            "$1 alan var, ama ilk satır $2 sütun sayıyor"
        ),
        ("the id stands on line * already", "bu id $1. satırda zaten var"),
        (
            "the reference stands on line * already; every registration needs its own",
            "bu kod $1. satırda zaten var; her kaydın kendi kodu olmalı"
        ),
        ("unknown column; known are *", "bilinmeyen sütun; bilinenler: $1"),
        ("the column stands twice", "sütun iki kez geçiyor"),
        ("the column `*` is missing", "`$1` sütunu yok"),
        ("the id is empty", "id boş"),
        ("the event is empty", "event boş"),
        ("id and event are at most 100 bytes long", "id ve event en çok 100 bayt olur"),
        (
            "not a currency; write three letters such as TRY",
            "para birimi değil; TRY gibi üç harf yazın"
        ),
        (
            "not an amount; write it with a dot and two decimals, such as 1250.00",
            "tutar değil; noktayla ve iki ondalıkla yazın, örneğin 1250.00"
        ),
        (
            "not an amount; * has no decimals, write it such as 1250",
            "tutar değil; $1 ondalıksızdır, 1250 gibi yazın"
        ),
        (
            "not a phone number; write it as 5XXXXXXXXX or +90 5XX …",
            "telefon numarası değil; 5XXXXXXXXX ya da +90 5XX … diye yazın"
        ),
        ("not an e-mail address", "e-posta adresi değil"),
        (
            "not a time; write ISO 8601, such as 2026-11-20T09:12:00Z",
            "zaman değil; ISO 8601 yazın, örneğin 2026-11-20T09:12:00Z"
        ),
        ("write yes or no", "evet ya da hayır yazın"),
        (
            "not a reference code: two letters, six signs and a check sign that fits; leave the field empty to have one made",
            "kod değil: iki harf, altı işaret ve tutan bir kontrol işareti olur; yeni bir kod için alanı boş bırakın"
        ),
        (
            "no reference code could be made for event *",
            "$1 etkinliği için kod üretilemedi"
        ),
        (
            "the event `*` is not in the configuration, which names *; correct the row, or add the event under `events:`; nothing was imported",
            "`$1` etkinliği ayarlarda yok; oradakiler: $2; satırı düzeltin ya da etkinliği `events:` altına ekleyin; hiçbir şey aktarılmadı"
        ),
        (
            "registration * is in the ledger with other contents; nothing was imported",
            "$1 kaydı defterde başka bilgilerle duruyor; hiçbir şey aktarılmadı"
        ),
        (
            "the reference * belongs to another registration already; nothing was imported",
            "$1 kodu zaten başka bir kaydın; hiçbir şey aktarılmadı"
        ),
        ("the quote is never closed", "tırnak hiç kapanmıyor"),
        (
            "text after a closing quote; is a * missing?",
            "kapanan tırnaktan sonra metin var; arada $1 mi eksik?"
        ),
        (
            "the field is longer than * bytes; is a quote open?",
            "alan $1 bayttan uzun; açık kalan bir tırnak mı var?"
        ),
        (
            "a quote inside a field; put the whole field in quotes and write the quote twice",
            "alanın içinde tırnak var; bütün alanı tırnağa alın ve içteki tırnağı iki kez yazın"
        ),
        ("not a list of refunds", "bir iade listesi değil"),
        ("not a row of refunds", "bir iade satırı değil"),
        ("no row to confirm", "onaylanacak satır yok"),
        ("not a name", "bir ad değil"),
        (
            "another agent works on *; stop it first",
            "$1 üzerinde başka bir ajan çalışıyor; önce onu durdurun"
        ),
        ("the books do not balance", "defter denk değil"),
        ("* broken", "$1 kural tutmuyor"),
        (
            "event * has no iban in *",
            "$1 etkinliğinin $2 içinde iban değeri yok"
        ),
        ("--count is 1 to *", "--count 1 ile $1 arasında olur"),
    ]

    /// What the ledger could not do.
    static let ofLedger = [
        ("disk full", "diskte yer yok"),
        ("database is busy", "veritabanı meşgul"),
        ("database is damaged", "veritabanı bozulmuş"),
        ("the disk reports an error", "disk hata bildiriyor"),
        ("not allowed to open or write", "açma ya da yazma izni yok"),
        ("not a database of this program", "bu programın veritabanı değil"),
        (
            "database has version *, this program knows *",
            "veritabanının sürümü $1, bu program $2 sürümünü bilir"
        ),
        (
            "the master key does not fit this database",
            "ana anahtar bu veritabanına uymuyor"
        ),
        (
            "a sealed value cannot be opened or made",
            "mühürlü bir değer açılamıyor ya da yazılamıyor"
        ),
        ("refused by the database: *", "veritabanı kabul etmedi: $1"),
        ("is there already with other contents", "zaten var, başka bilgilerle"),
        ("not found", "bulunamadı"),
        ("SQLite code *", "SQLite kodu $1"),
        (
            "make room on the disk; nothing was lost and the agent goes on by itself",
            "diskte yer açın; hiçbir şey kaybolmadı, ajan kendiliğinden sürer"
        ),
        (
            "see whether a second agent or a backup holds the database",
            "ikinci bir ajan ya da bir yedekleme veritabanını tutuyor mu bakın"
        ),
        (
            "stop the agent, keep the file, and restore the last backup",
            "ajanı durdurun, dosyayı saklayın ve son yedeği geri yükleyin"
        ),
        (
            "look at the disk's health in the kernel log",
            "diskin durumuna çekirdek günlüğünde bakın"
        ),
        (
            "give the agent's user the folder and the file",
            "klasörü ve dosyayı ajanın kullanıcısına verin"
        ),
        (
            "name another path; this file belongs to another program",
            "başka bir yol verin; bu dosya başka bir programın"
        ),
        (
            "run the newer version of the program, or restore a backup made before",
            "programın yeni sürümünü çalıştırın ya da önceki bir yedeği geri yükleyin"
        ),
        (
            "give the master key that this database was made with",
            "bu veritabanının yapıldığı ana anahtarı verin"
        ),
        (
            "check the master key, and restore the row from a backup",
            "ana anahtara bakın ve satırı bir yedekten geri yükleyin"
        ),
        (
            "a mistake in the program; report it with this message",
            "programda bir hata; bu iletiyle bildirin"
        ),
        ("use another id, or make both the same", "başka bir id verin ya da ikisini aynı yapın"),
        ("check the id", "id değerini denetleyin"),
        ("report it with this message", "bu iletiyle bildirin"),
        ("is *", "durumu: $1"),
    ]
}
