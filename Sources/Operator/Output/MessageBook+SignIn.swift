// SPDX-License-Identifier: Apache-2.0

extension MessageBook {
    /// Secrets, keys, rule folders and saved mail.
    static let ofFiles = [
        (
            "no credentials here; start by systemd with LoadCredential=*, or name a file in the configuration",
            "burada systemd gizli dosyası yok; systemd'den LoadCredential=$1 ile başlatın ya da ayarlarda bir dosya verin"
        ),
        ("the variable is not set", "değişken tanımlı değil"),
        (
            "the secret cannot be read; create the file and let only the agent's user read it (chmod 600)",
            "gizli değer okunamıyor; dosyayı oluşturun ve yalnızca ajanın kullanıcısına okutun (chmod 600)"
        ),
        ("the file of the secret is empty", "gizli değerin dosyası boş"),
        (
            "not 32 bytes in base64; make one with: openssl rand -base64 32",
            "base64 yazılı 32 bayt değil; şununla üretin: openssl rand -base64 32"
        ),
        (
            "the state directory cannot be made; name another in state_directory",
            "durum klasörü oluşturulamıyor; state_directory ile başkasını verin"
        ),
        (
            "cannot be written: *; give the folder to the agent's user",
            "yazılamıyor: $1; klasörü ajanın kullanıcısına verin"
        ),
        (
            "no rule file could be loaded; `mutabik rules check` says why",
            "yüklenebilen kural dosyası yok; nedenini `mutabik rules check` söyler"
        ),
        ("the key file cannot be read", "anahtar dosyası okunamıyor"),
        ("more than * lines", "$1 satırdan uzun"),
        (
            "expected selector._domainkey.domain or _dmarc.domain, a tab, and the TXT record",
            "seçici._domainkey.alanadı ya da _dmarc.alanadı, sekme ve TXT kaydı beklenir"
        ),
        ("credential *", "gizli dosya $1"),
        ("environment *", "ortam değişkeni $1"),
        ("open", "açılamadı"),
        ("read", "okunamadı"),
        ("the first line has no end", "ilk satır bitmiyor"),
        ("an archive of files", "bir dosya arşivi"),
        ("it is empty", "boş"),
        (
            "by its Content-Length, what looks like another mail is a part of this one",
            "Content-Length satırına göre, başka bir e-posta gibi görünen şey bunun parçası"
        ),
        (
            "if it is a mail of its own, remove the Content-Length line and replay again",
            "ayrı bir e-postaysa Content-Length satırını silip yeniden çalıştırın"
        ),
        ("neither a mail nor an mbox", "ne bir e-posta ne de bir mbox"),
        ("unpack it first", "önce onu açın"),
        (
            "save what is in it as .eml or as an mbox",
            "içindekileri .eml ya da mbox olarak kaydedin"
        ),
        (
            "a mail begins with header lines, an mbox with \"From \"",
            "e-posta başlık satırlarıyla, mbox \"From \" ile başlar"
        ),
        (
            "a link to another folder is not followed", "başka bir klasöre bağlantı, izlenmiyor"
        ),
        ("too many folders within each other", "iç içe çok fazla klasör"),
        ("zlib does not start", "zlib başlamıyor"),
        ("the compressed file is cut off", "sıkıştırılmış dosya yarım kalmış"),
        ("the compressed file is damaged", "sıkıştırılmış dosya bozuk"),
        (
            "something else follows the compressed part",
            "sıkıştırılmış bölümün ardından başka bir şey geliyor"
        ),
        ("no mail in this folder", "bu klasörde e-posta yok"),
        (
            "a folder holds .eml or .mbox files, or is a Maildir with cur and new",
            "klasörde .eml ya da .mbox dosyaları bulunur; ya da klasör, cur ve new içeren bir Maildir'dir"
        ),
        (
            "give the agent's user the right to read it",
            "ajanın kullanıcısına okuma izni verin"
        ),
    ]

    /// Signing in to a mailbox, and what a provider is asked for.
    static let ofSignIn = [
        ("sign in", "oturum açılamadı"),
        ("log in", "posta kutusuna girilemedi"),
        ("refresh", "izin yenilenemedi"),
        ("exchange code", "izin kodu kullanılamadı"),
        ("device code", "cihaz kodu alınamadı"),
        ("client credentials", "uygulama oturum açamadı"),
        ("listen", "tarayıcı beklenemedi"),
        ("lock *", "$1 kilitlenemedi"),
        ("store *", "$1 yazılamadı"),
        ("read *", "$1 okunamadı"),
        ("larger than any token", "hiçbir izin bu kadar büyük değildir"),
        (
            "it was sealed with another master key", "başka bir ana anahtarla mühürlenmiş"
        ),
        (
            "the provider gave no refresh token", "sağlayıcı yenilenebilen bir izin vermedi"
        ),
        (
            "Within the hour the agent would be locked out, so nothing was stored. *",
            "Ajan bir saat içinde dışarıda kalırdı, bu yüzden hiçbir şey saklanmadı. $1"
        ),
        (
            "Remove the application at https://myaccount.google.com/connections and sign in again.",
            "Uygulamayı https://myaccount.google.com/connections adresinde kaldırıp yeniden oturum açın."
        ),
        (
            "Ask for offline access in `oauth.scope` (often: offline_access) and sign in again.",
            "`oauth.scope` içinde çevrimdışı erişim isteyip (çoğu kez offline_access) yeniden oturum açın."
        ),
        (
            "that address is no answer to this attempt",
            "bu adres bu denemenin yanıtı değil"
        ),
        (
            "Begin again and copy the whole address.",
            "Baştan başlayın ve adresin tamamını kopyalayın."
        ),
        ("the provider says *", "sağlayıcının sözü: $1"),
        (
            "The permission was declined, or the organization's administrator has to give it.",
            "İzin verilmedi ya da izni kurumun yöneticisi vermeli."
        ),
        (
            "Check the application's registration: redirect address, scope, account types.",
            "Uygulamanın kaydına bakın: dönüş adresi, kapsam, hesap türleri."
        ),
        ("the browser did not come back", "tarayıcı geri dönmedi"),
        (
            "Does it run on another machine? Use --paste or --device.",
            "Başka bir makinede mi çalışıyor? --paste ya da --device kullanın."
        ),
        ("the code ran out", "kodun süresi doldu"),
        ("Begin again.", "Baştan başlayın."),
        ("`oauth.authorize_url` is not set", "`oauth.authorize_url` tanımlı değil"),
        ("Use --device.", "--device kullanın."),
        (
            "The permission was given, but this mailbox does not take it; nothing was stored. *",
            "İzin verildi ama bu posta kutusu onu kabul etmiyor; hiçbir şey saklanmadı. $1"
        ),
        (
            "Did somebody else than * sign in? Is IMAP switched on there?",
            "$1 yerine başkası mı oturum açtı? Orada IMAP açık mı?"
        ),
        (
            "Is the service principal registered in Exchange, with access to *?",
            "Hizmet sorumlusu Exchange'e, $1 erişimiyle kayıtlı mı?"
        ),
        (
            "The permission is there, but the mailbox could not be tried. The agent goes on trying.",
            "İzin var ama posta kutusu denenemedi. Ajan denemeyi sürdürür."
        ),
        ("the provider gives none for mail", "sağlayıcı e-posta için vermiyor"),
        (
            "Sign in through the browser of this machine.",
            "Bu makinenin tarayıcısıyla oturum açın."
        ),
        (
            "the provider does not allow it for mail", "sağlayıcı e-posta için buna izin vermiyor"
        ),
        ("Sign in with: mutabik login *", "Şununla oturum açın: mutabik login $1"),
        (
            "The permission is gone; sign in again with: mutabik login *",
            "İzin artık yok; şununla yeniden oturum açın: mutabik login $1"
        ),
        (
            "The permission is gone. Sign in with: mutabik login *",
            "İzin artık yok. Şununla oturum açın: mutabik login $1"
        ),
        (
            "Check client_id, client_secret and tenant of the mailbox's oauth settings.",
            "Posta kutusunun oauth ayarlarında client_id, client_secret ve tenant değerlerine bakın."
        ),
        ("status *", "durum kodu $1"),
        ("It is tried again.", "Yeniden denenir."),
        (
            "Check the addresses of the oauth settings.",
            "oauth ayarlarındaki adreslere bakın."
        ),
        ("somebody signs in at this moment", "şu anda biri oturum açıyor"),
        ("nobody has signed in yet", "henüz kimse oturum açmadı"),
        (
            "Let the agent's user write the state directory.",
            "Ajanın kullanıcısına durum klasörüne yazma izni verin."
        ),
        ("no port on 127.0.0.1 can be had", "127.0.0.1 üzerinde boş kapı yok"),
        ("port * on 127.0.0.1 is taken", "127.0.0.1 üzerinde $1 numaralı kapı dolu"),
        (
            "Name another with --port, or use --paste or --device.",
            "--port ile başkasını verin ya da --paste veya --device kullanın."
        ),
    ]

    /// The network and the operating system.
    static let ofSystem = [
        ("the address or a header is not allowed", "adrese ya da bir başlığa izin yok"),
        (
            "Addresses begin with https://; http:// is for this machine only.",
            "Adresler https:// ile başlar; http:// yalnızca bu makine içindir."
        ),
        ("the name could not be resolved", "ad çözülemedi"),
        ("Check the network and the name servers.", "Ağa ve ad sunucularına bakın."),
        ("no connection", "bağlantı yok"),
        (
            "Check the network and whether the service is up.",
            "Ağa ve hizmetin çalışıp çalışmadığına bakın."
        ),
        ("the certificate is not trusted", "sertifikaya güvenilmiyor"),
        (
            "Check the clock, the host name and the certificate authorities.",
            "Saate, sunucu adına ve sertifika kurumlarına bakın."
        ),
        ("TLS could not be agreed upon", "TLS üzerinde anlaşılamadı"),
        (
            "The other side must offer TLS 1.2 or later.",
            "Karşı taraf TLS 1.2 ya da yenisini sunmalı."
        ),
        ("no answer in time", "süresi içinde yanıt gelmedi"),
        ("It is tried again by itself.", "Kendiliğinden yeniden denenir."),
        ("the connection broke", "bağlantı koptu"),
        ("the reply is larger than the limit", "yanıt sınırdan büyük"),
        ("Check that the address is the right one.", "Adresin doğru olduğuna bakın."),
        ("the reply is not HTTP", "yanıt HTTP değil"),
        ("cancelled", "durduruldu"),
        ("It was stopped from inside.", "İçeriden durduruldu."),
        ("too many requests at once", "aynı anda çok fazla istek"),
        ("Look for missing memory.", "Bellek yetiyor mu, bakın."),
        ("No such file or directory", "böyle bir dosya ya da klasör yok"),
        ("Permission denied", "izin yok"),
        ("Is a directory", "bu bir klasör"),
        ("Not a directory", "bu bir klasör değil"),
        ("Input/output error", "okuma yazma hatası"),
        ("No space left on device", "diskte yer kalmadı"),
        ("Read-only file system", "dosya sistemi salt okunur"),
        ("Too many open files", "çok fazla açık dosya var"),
    ]
}
