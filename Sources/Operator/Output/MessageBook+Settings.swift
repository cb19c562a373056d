// SPDX-License-Identifier: Apache-2.0

extension MessageBook {
    /// What a file of settings may be wrong about in general.
    static let ofSettings = [
        (
            "the configuration cannot be read; name another with --config, or begin with: mutabik config describe > *",
            "ayar dosyası okunamıyor; --config ile başkasını verin ya da şununla başlayın: mutabik config describe > $1"
        ),
        (
            "the file is larger than 1 MiB; is this the configuration?",
            "dosya 1 MiB'tan büyük; ayar dosyası bu mu?"
        ),
        (
            "the file is empty; `mutabik config describe` prints a sample",
            "dosya boş; `mutabik config describe` bir örnek yazdırır"
        ),
        ("not readable as YAML", "YAML olarak okunamıyor"),
        ("not readable as YAML: *", "YAML olarak okunamıyor: $1"),
        ("*; indent with blanks, not tabs", "$1; sekmeyle değil boşlukla girintileyin"),
        ("did not find expected key", "beklenen anahtar yok"),
        ("could not find expected ':'", "beklenen ':' yok"),
        ("did not find expected '-' indicator", "beklenen '-' yok"),
        ("did not find expected ',' or ']'", "beklenen ',' ya da ']' yok"),
        ("did not find expected ',' or '}'", "beklenen ',' ya da '}' yok"),
        ("did not find expected node content", "beklenen değer yok"),
        ("mapping values are not allowed in this context", "burada 'anahtar: değer' olamaz"),
        (
            "block sequence entries are not allowed in this context",
            "burada '- ' ile başlayan bir satır olamaz"
        ),
        (
            "found character that cannot start any token",
            "hiçbir şeyin başında duramayacak bir işaret var"
        ),
        (
            "found a tab character that violates indentation",
            "girintide sekme var"
        ),
        ("found unexpected end of stream", "dosya beklenmedik yerde bitiyor"),
        ("the file", "dosya"),
        ("* must hold `key: value` lines", "$1 `anahtar: değer` satırlarından oluşmalı"),
        (
            "unknown key `*` in *. Known: *",
            "bilinmeyen anahtar: `$1` (yeri: $2). Bilinenler: $3"
        ),
        ("`*` stands twice in this section", "`$1` bu bölümde iki kez geçiyor"),
        (
            "`*` is missing. Write *: *, or *: *; `mutabik config describe` says what that risks",
            "`$1` eksik. $2: $3 ya da $4: $5 yazın; bunun neyi göze aldığını `mutabik config describe` söyler"
        ),
        (
            "Write *: *, or *: *; `mutabik config describe` says what that risks",
            "$1: $2 ya da $3: $4 yazın; bunun neyi göze aldığını `mutabik config describe` söyler"
        ),
        (
            "`account_holder` of event `*` is missing; banks compare it",
            "`$1` etkinliğinin `account_holder` değeri eksik; bankalar onu karşılaştırır"
        ),
        (
            "`oauth.authorize_url` or `oauth.device_url` is missing",
            "`oauth.authorize_url` ya da `oauth.device_url` eksik"
        ),
        ("`*` is missing. *", "`$1` eksik. $2"),
        ("`*` is missing", "`$1` eksik"),
        ("`*` needs a text", "`$1` bir metin ister"),
        ("`*` is a list: [one, two]", "`$1` bir listedir: [bir, iki]"),
        (
            "`*` is a list: each entry begins with `- `",
            "`$1` bir listedir: her öğesi `- ` ile başlar"
        ),
        ("`*` is a list or the word *. *", "`$1` bir listedir ya da $2 sözcüğüdür. $3"),
        ("`*` is a list of texts", "`$1` bir metin listesidir"),
        ("`*` lists nothing. *", "`$1` boş bir liste. $2"),
        ("`*`: one of them *", "`$1`: içlerinden biri $2"),
        ("is no address such as kasa@example.org", "kasa@example.org gibi bir adres değil"),
        ("shows no digit", "hiç rakam göstermiyor"),
        (
            "is no IBAN: a sign is wrong or missing; Turkish ones have 26, and * stands for what the bank hides",
            "IBAN değil: bir işaret yanlış ya da eksik; Türkiye'ninkiler 26 işaretlidir, bankanın gizlediği yere $1 yazılır"
        ),
        ("`*` is true or false", "`$1` true ya da false olur"),
        ("`*` is a whole number from * to *", "`$1`, $2 ile $3 arasında bir tam sayıdır"),
        ("`*` is one of: *", "`$1` şunlardan biridir: $2"),
        (
            "`*` must not stand here itself; write {credential: NAME}, {file: PATH} or {environment: NAME}",
            "`$1` kendisi burada duramaz; {credential: AD}, {file: YOL} ya da {environment: AD} yazın"
        ),
        (
            "`*` needs exactly one of credential, file, environment",
            "`$1` credential, file ve environment'tan yalnızca birini ister"
        ),
        (
            "`*` needs a credential, a file or a variable",
            "`$1` bir credential, dosya ya da değişken ister"
        ),
    ]

    /// What single sections may be wrong about.
    static let ofSections = [
        ("`mailboxes` lists no mailbox", "`mailboxes` hiçbir posta kutusu saymıyor"),
        ("two mailboxes have the same `name`", "iki posta kutusunun `name` değeri aynı"),
        ("event `*` stands twice", "`$1` etkinliği iki kez geçiyor"),
        (
            "`trust.forwarders` lists domains such as google.com, not *",
            "`trust.forwarders` google.com gibi alan adları sayar; $1 olmaz"
        ),
        (
            "`reference_prefix` of event `*` is two capital letters",
            "`$1` etkinliğinin `reference_prefix` değeri iki büyük harftir"
        ),
        ("`tickets.sms` must contain {link}", "`tickets.sms` içinde {link} geçmeli"),
        (
            "`email.from` is an address such as bilet@example.org",
            "`email.from` bilet@example.org gibi bir adrestir"
        ),
        (
            "`email.security` may be none only for a server on this machine",
            "`email.security` yalnızca bu makinedeki bir sunucu için none olabilir"
        ),
        (
            "`email.user` and `email.password` belong together",
            "`email.user` ile `email.password` birlikte verilir"
        ),
        (
            "`email.headers` lists `Name: value` in plain letters, and none that every mail has already",
            "`email.headers` Türkçe harf içermeyen `Ad: değer` satırları sayar; her e-postada zaten bulunanlar olmaz"
        ),
        ("* lists, each once: *", "$1 şunları sayar, her birini bir kez: $2"),
        (
            "* names *, and the section `*` is missing",
            "$1 içinde $2 var ama `$3` bölümü eksik"
        ),
        ("`channels` of event `*`", "`$1` etkinliğinin `channels` değeri"),
        (
            "`iban` of event `*`: the check digits do not fit",
            "`$1` etkinliğinin `iban` değeri: denetim rakamları tutmuyor"
        ),
        (
            "the texts of event `*` must hold {amount} and {code}",
            "`$1` etkinliğinin metinlerinde {amount} ve {code} geçmeli"
        ),
        (
            "in the texts of event `*` only this stands in braces: *",
            "`$1` etkinliğinin metinlerinde süslü ayraç içinde yalnız şunlar durabilir: $2"
        ),
        (
            "`pay_link` of event `*` is an address such as https://example.org/ode",
            "`$1` etkinliğinin `pay_link` değeri https://example.org/ode gibi bir adrestir"
        ),
        (
            "`remind_after_hours` of event `*` lists hours before the end of `pay_within_hours`",
            "`$1` etkinliğinin `remind_after_hours` değeri `pay_within_hours` bitmeden önceki saatleri sayar"
        ),
        (
            "`instructions` of event `*` needs `iban` and `account_holder`",
            "`$1` etkinliğinin `instructions` değeri `iban` ve `account_holder` ister"
        ),
        (
            "`remind_after_hours` of event `*` lists whole hours",
            "`$1` etkinliğinin `remind_after_hours` değeri tam saatler sayar"
        ),
        ("mailbox `*`: *", "`$1` posta kutusu: $2"),
        (
            "write either `password` or `oauth`, one of the two",
            "`password` ya da `oauth` yazın, ikisinden birini"
        ),
        (
            "write either `folder` or `folders`, one of the two",
            "`folder` ya da `folders` yazın, ikisinden birini"
        ),
        (
            "security none is for loopback only; write tls",
            "security none yalnızca bu makinenin kendisi içindir; tls yazın"
        ),
        (
            "a folder's name is empty, too long or holds control characters",
            "bir klasörün adı boş, çok uzun ya da denetim karakteri içeriyor"
        ),
        ("a folder is listed twice", "bir klasör iki kez sayılmış"),
        (
            "`after_care.move_to` is the folder that is watched",
            "`after_care.move_to` izlenen klasörün kendisi"
        ),
        (
            "`after_care.flag` is seen, flagged, or a keyword of letters, digits, $, - and _",
            "`after_care.flag` seen, flagged ya da harf, rakam, $, - ve _ işaretlerinden bir sözcüktür"
        ),
        (
            "`after_care` needs `flag` or `move_to`, or both",
            "`after_care`, `flag` ya da `move_to` ister; ikisi de olur"
        ),
        (
            "`after_care.move_to` is too long or holds control characters",
            "`after_care.move_to` çok uzun ya da denetim karakteri içeriyor"
        ),
        (
            "`oauth.*` is for provider other; * needs none",
            "`oauth.$1` provider: other içindir; $2 için gerekmez"
        ),
        (
            "Google lets no application into mail by itself; write sign_in: person",
            "Google hiçbir uygulamayı kendi başına e-postaya almaz; sign_in: person yazın"
        ),
        (
            "`oauth.tenant` is a directory id or a domain",
            "`oauth.tenant` bir dizin kimliği ya da alan adıdır"
        ),
        (
            "sign_in application needs your organization's own `oauth.tenant`",
            "sign_in: application kurumunuzun kendi `oauth.tenant` değerini ister"
        ),
        ("`oauth.*` begins with https://", "`oauth.$1` https:// ile başlar"),
        (
            "sign_in application needs `oauth.client_secret`",
            "sign_in: application `oauth.client_secret` ister"
        ),
        (
            "local_rules_directory: there is no folder *; no rule of yours is in force",
            "local_rules_directory: $1 diye bir klasör yok; kendi kurallarınızın hiçbiri geçerli değil"
        ),
        (
            "matching.own_accounts is any: a bank's genuine notice about somebody else's account, sent on to this mailbox, counts as your money",
            "matching.own_accounts any: bankanın başkasının hesabı için yolladığı gerçek bir bildirim bu kutuya iletilirse sizin paranız sayılır"
        ),
        (
            "matching.own_addresses is any: a notice that prints no account counts as your money, to whomever the bank wrote it",
            "matching.own_addresses any: hesap yazmayan bir bildirim, banka kime yazmış olursa olsun sizin paranız sayılır"
        ),
    ]

    /// The meanings of settings that must not be left out.
    static let ofMeanings = [
        (
            "32 bytes in base64 that unlock the ledger (openssl rand -base64 32). Keep a copy apart from the backups: without it they are unreadable.",
            "Kayıt defterini açan base64 yazılı 32 bayt (openssl rand -base64 32). Bir kopyasını yedeklerden ayrı saklayın: onsuz yedekler okunamaz."
        ),
        (
            "The mailboxes that banks and providers write to.",
            "Bankaların ve ödeme kuruluşlarının yazdığı posta kutuları."
        ),
        (
            "A short name of your choice, for lists and logs.",
            "Listeler ve günlükler için seçtiğiniz kısa bir ad."
        ),
        (
            "The IMAP server, as its certificate names it.",
            "IMAP sunucusu, sertifikasındaki adıyla."
        ),
        (
            "The log-in name, often the full address.", "Giriş adı, çoğu kez adresin tamamı."
        ),
        (
            "Who gives the permission: google (Gmail, Workspace), microsoft (365, Outlook.com), or other, whose addresses are then named below.",
            "İzni veren: google (Gmail, Workspace), microsoft (365, Outlook.com) ya da adresleri aşağıda yazılan other."
        ),
        (
            "The id of the application that you registered with the provider.",
            "Sağlayıcıya kaydettirdiğiniz uygulamanın kimliği."
        ),
        ("The event's name in registration files.", "Etkinliğin kayıt dosyalarındaki adı."),
        ("The calendar's API key (Luma Plus).", "Takvimin API anahtarı (Luma Plus)."),
        ("The server, as its certificate names it.", "Sunucu, sertifikasındaki adıyla."),
        (
            "The address that mails come from. Its domain's SPF, DKIM and DMARC must allow the server; bounces go there, too.",
            "E-postaların geldiği adres. Alan adının SPF, DKIM ve DMARC kayıtları sunucuya izin vermeli; geri dönenler de oraya gelir."
        ),
        ("The subscriber number.", "Abone numarası."),
        ("The password of the API sub-user.", "API alt kullanıcısının parolası."),
        (
            "The approved sender name, 3 to 11 characters.",
            "Onaylı gönderen adı, 3–11 karakter."
        ),
    ]
}
