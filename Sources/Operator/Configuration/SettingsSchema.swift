// SPDX-License-Identifier: Apache-2.0

internal import Agent
internal import Domain
internal import Matching
internal import Wire

/// Every setting that there is. `mutabik config describe` prints this table as a sample file.
enum SettingsSchema {
    static let secretSource: [Setting] = [
        Setting(
            key: "credential", kind: .text,
            meaning: "Name of a systemd credential (LoadCredential=)."),
        Setting(key: "file", kind: .path, meaning: "A file that holds the secret alone."),
        Setting(key: "environment", kind: .text, meaning: "Name of an environment variable."),
    ]

    static let all: [Setting] = [
        Setting(
            key: "state_directory", kind: .path,
            meaning: "Where the ledger lives. Only the agent's user may read it.",
            fallback: "/var/lib/mutabik"),
        Setting(
            key: "rules_directory", kind: .path,
            meaning: "The rule files: one folder per bank or provider.",
            fallback: "/etc/mutabik/rules"),
        Setting(
            key: "local_rules_directory", kind: .path,
            meaning: "Your own rule files, where those of rules_directory come with the program "
                + "and change with it. A file with the same id takes the place of the other one, a "
                + "file with extends: adds to it.", example: "/etc/mutabik/rules.local"),
        Setting(
            key: "master_key", kind: .secret,
            meaning: "32 bytes in base64 that unlock the ledger (openssl rand -base64 32). "
                + "Keep a copy apart from the backups: without it they are unreadable.",
            isRequired: true, example: "{credential: master-key}"),
        Setting(
            key: "mailboxes", kind: .list(mailbox),
            meaning: "The mailboxes that banks and providers write to.", isRequired: true),
        Setting(
            key: "trust", kind: .section(trust),
            meaning: "Whom the agent believes about where a mail comes from.", fallback: ""),
        Setting(
            key: "matching", kind: .section(matching),
            meaning: "Whose money it is, and what may be decided without a person.", fallback: "",
            isShown: true),
        Setting(
            key: "events", kind: .list(event),
            meaning: "The events, by the name that registrations give them."),
        Setting(key: "luma", kind: .section(luma), meaning: "Approving guests on Luma."),
        Setting(
            key: "messages", kind: .section(messages), meaning: "How guests are written to.",
            fallback: ""),
        Setting(key: "netgsm", kind: .section(netgsm), meaning: "Sending messages by SMS."),
        Setting(
            key: "email", kind: .section(email),
            meaning: "Sending messages by e-mail, through a server that takes mail for you."),
        Setting(
            key: "tickets", kind: .section(tickets), meaning: "What a guest receives.",
            fallback: ""),
    ]

    private static let trust: [Setting] = [
        Setting(
            key: "authserv_id", kind: .text,
            meaning: "The name your own mail host writes at the start of its first "
                + "Authentication-Results header. Left out: such headers are not believed.",
            example: "mx.example.org"),
        Setting(
            key: "forwarders", kind: .texts,
            meaning: "Mail services that forward to this mailbox and whose sealed word (ARC) about "
                + "a bank's signature counts: google.com, microsoft.com. Whoever is named here is "
                + "believed for all of its customers; leave it out when bank mail arrives with its "
                + "own signature whole. A group's domain (googlegroups.com) may stand here too: it "
                + "signs for what authserv_id said when the group took the mail in.",
            example: "[google.com]"),
        Setting(
            key: "dkim_keys_file", kind: .path,
            meaning: "DKIM keys that are used before DNS is asked, one per line: "
                + "selector._domainkey.domain, a tab, the TXT record. DMARC policies may stand "
                + "there too: _dmarc.domain."),
        Setting(
            key: "dns", kind: .flag, meaning: "Whether DKIM keys are looked up in DNS.",
            fallback: "true"),
        Setting(
            key: "dns_server", kind: .text,
            meaning: "address:port of the resolver. Left out: the system's."),
    ]

    /// The rows of the evidence table, each with its switch.
    private static let switches: [Setting] = EvidenceRow.allCases.map { row in
        Setting(
            key: row.rawValue, kind: .choice(MatchingPolicy.Decision.allCases.map(\.rawValue)),
            meaning: meaning(of: row), fallback: row.standard.rawValue)
    }

    private static func meaning(of row: EvidenceRow) -> String {
        switch row {
        case .code: "The code of one open registration and exactly what it owes."
        case .otherPayer: "The code, and the payer has another name than the guest."
        case .tooLittle: "The code and too little: book it and wait for the rest, or ask."
        case .tooMuch: "The code and too much: approve and keep the rest as credit, or ask."
        case .split: "Several codes whose sums are exactly what came."
        case .repairedCode: "A code with one wrong sign, when amount and name agree."
        case .ownAmount: "No code, but the sum that one registration alone was given."
        case .nameAndAmount:
            "No code, but full name and amount fit exactly one open registration."
        case .latePayment:
            "The code of a registration whose time is over, within grace_hours and while a place "
                + "is free."
        case .moneyFirst: "Money that came before its registration."
        case .secondPayment:
            "Money for a registration that is paid: approve keeps it as credit without a word."
        }
    }

    /// A flaw of an own address; what stands in To has one @ and no blank.
    @Sendable static func flaw(ofAddress text: String) -> String? {
        let parts = text.split(separator: "@", omittingEmptySubsequences: false)
        let isAddress =
            parts.count == 2 && !parts.contains("")
            && !text.utf8.contains { $0 <= 0x20 || $0 == 0x3C || $0 == 0x3E }
        return isAddress ? nil : "is no address such as kasa@example.org"
    }

    private static let matching: [Setting] =
        [
            Setting(
                key: "own_accounts", kind: .textsOr(anyWord, flaw: AccountMask.flaw(of:)),
                meaning: "Your accounts, each as your bank prints it: in full, or masked with * or "
                    + "X. A notice about another account goes to a person: somebody else's genuine "
                    + "notice, sent on to your mailbox, must not count. The iban of each event "
                    + "counts as well. An account of which fewer than \(AccountMask.digitsMin) "
                    + "digits are shown (3, 5001, 7***3; the bank's part of an IBAN and leading "
                    + "zeros are not counted) could be a stranger's: own_addresses decides then, "
                    + "too. any instead of the list: accounts are not compared, and a guest who sends "
                    + "on the genuine notice of money that came to a friend is approved.",
                isRequired: true,
                example: "['TR33 0006 1005 1978 6457 8413 26', '412-****567']"),
            Setting(
                key: "own_addresses", kind: .textsOr(anyWord, flaw: flaw(ofAddress:)),
                meaning:
                    "The addresses that your banks write to. Some print no account, or too little "
                    + "of it; such a notice counts only when the bank's own signature covers one "
                    + "of these in To. A forwarder's word or authserv_id proves no To. any instead "
                    + "of the list: such a notice counts whoever it was written to, a friend, too.",
                isRequired: true, example: "[kasa@example.org]"),
        ] + switches

    /// Instead of a list of one's own.
    static let anyWord = "any"

    private static let event: [Setting] = [
        Setting(
            key: "id", kind: .text, meaning: "The event's name in registration files.",
            isRequired: true, example: "atolye"),
        Setting(
            key: "reference_prefix", kind: .text,
            meaning: "Two capital letters that begin the event's reference codes.",
            example: "KT"),
        Setting(
            key: "luma_event", kind: .text, meaning: "The event's id on Luma.",
            example: "evt-7Qp"),
        Setting(
            key: "seats", kind: .integer(0...10_000_000),
            meaning: "Places there are; a late payment revives a registration only while one is "
                + "free. Left out: no limit.", example: "40"),
        Setting(
            key: "grace_hours", kind: .integer(0...8_760),
            meaning: "Hours after the end of a registration in which its payment still revives it.",
            fallback: "48"),
        Setting(
            key: "own_amounts", kind: .flag,
            meaning: "Whether every registration is given a kuruş of its own (1.250,07), so that "
                + "its money is known where the bank prints no description.", fallback: "false"),
        Setting(
            key: "pay_within_hours", kind: .integer(1...87_600),
            meaning: "Hours to pay; after that the registration ends. Left out: it waits for ever.",
            example: "72"),
        Setting(
            key: "remind_after_hours", kind: .texts,
            meaning: "Hours of waiting after which the guest is reminded.",
            example: "[24, 60]"),
        Setting(
            key: "instructions", kind: .flag,
            meaning: "Whether guests are told what to pay, to which account and with which code, "
                + "and reminded.", fallback: "false"),
        Setting(
            key: "channels", kind: .texts,
            meaning: "The order of messages.channels, where this event has another one.",
            example: "[email, sms]"),
        Setting(
            key: "title", kind: .text,
            meaning: "The event's name in mails; who writes it names nobody. Left out: its id.",
            example: "Kahve Atölyesi"),
        Setting(
            key: "language", kind: .choice(GuestLanguage.allCases.map(\.rawValue)),
            meaning: "The language of messages, where it is another one than messages.language.",
            example: "en"),
        Setting(
            key: "iban", kind: .text, meaning: "The account guests pay to.",
            example: "TR33 0006 1005 1978 6457 8413 26"),
        Setting(
            key: "account_holder", kind: .text, meaning: "Its holder, as the bank knows it.",
            example: "SAHNE KAPISI DERNEĞİ"),
        Setting(
            key: "pay_link", kind: .text,
            meaning: "A page about paying; ?ref= and the code are put behind it.",
            example: "https://example.org/ode"),
        Setting(
            key: "instructions_text", kind: .text,
            meaning: "The SMS; {amount}, {iban}, {holder}, {code}, {link} and {deadline} are "
                + "filled in. Left out: a text in the language of the event. Mails have a form of "
                + "their own.",
            example: "Kaydınız alındı. {amount} için IBAN {iban}, alıcı {holder}. "
                + "Açıklamaya yalnız bu kodu yazın: {code} {link}"),
        Setting(
            key: "reminder_text", kind: .text, meaning: "The reminder, with the same places.",
            example: "Ödemeniz henüz ulaşmadı: {amount}, IBAN {iban}, alıcı {holder}. "
                + "Açıklamaya yalnız bu kodu yazın: {code} {link}"),
        Setting(
            key: "policy",
            kind: .section(
                switches.map {
                    Setting(key: $0.key, kind: $0.kind, meaning: $0.meaning, example: "review")
                }),
            meaning: "Switches of `matching` that are set otherwise for this event."),
    ]

    private static let luma: [Setting] = [
        Setting(
            key: "api_key", kind: .secret, meaning: "The calendar's API key (Luma Plus).",
            isRequired: true, example: "{credential: luma-api-key}"),
        Setting(
            key: "base_url", kind: .text, meaning: "Where the API is.",
            fallback: "https://public-api.luma.com"),
        Setting(
            key: "send_email", kind: .flag,
            meaning: "Whether Luma mails the guest its own confirmation.", fallback: "true"),
        Setting(
            key: "approvals_per_minute", kind: .integer(1...100_000),
            meaning: "Approvals a minute at most; each takes three requests, and Luma locks out "
                + "for a minute who asks more than about 60 times.", fallback: "15"),
    ]

    private static let messages: [Setting] = [
        Setting(
            key: "channels", kind: .texts,
            meaning: "Ways to reach a guest, the best first: "
                + Channel.allCases.map(\.rawValue).joined(separator: ", ")
                + ". The first that has something to send to is taken; the next one when it finally "
                + "refuses, never when it may have sent. Left out: [sms].",
            example: "[email, sms]"),
        Setting(
            key: "next_channel_after_hours", kind: .integer(1...480),
            meaning: "Hours after which a message that a channel certainly could not send, because "
                + "it was away or wrongly set up, takes the next one.", fallback: "24"),
        Setting(
            key: "language", kind: .choice(GuestLanguage.allCases.map(\.rawValue)),
            meaning: "The language of messages.", fallback: GuestLanguage.turkish.rawValue),
    ]

    private static let email: [Setting] = [
        Setting(
            key: "host", kind: .text, meaning: "The server, as its certificate names it.",
            isRequired: true, example: "smtp.example.org"),
        Setting(key: "port", kind: .integer(1...65_535), meaning: "Its port.", fallback: "465"),
        Setting(
            key: "security", kind: .choice(SMTPServer.Security.allCases.map(\.rawValue)),
            meaning: "tls from the first byte (port 465); starttls, which the server then must "
                + "offer (587); none only on this machine.", fallback: "tls"),
        Setting(
            key: "user", kind: .text,
            meaning: "Whom the log-in names: for SendGrid it is apikey. Left out: no log-in.",
            example: "bilet@example.org"),
        Setting(
            key: "password", kind: .secret, meaning: "The password, or the API key.",
            example: "{credential: smtp-password}"),
        Setting(
            key: "ca_file", kind: .path,
            meaning: "A PEM file of authorities to trust instead of the system's."),
        Setting(
            key: "from", kind: .text,
            meaning:
                "The address that mails come from. Its domain's SPF, DKIM and DMARC must allow "
                + "the server; bounces go there, too.", isRequired: true,
            example: "bilet@example.org"),
        Setting(
            key: "from_name", kind: .text, meaning: "The name shown beside it.",
            example: "Kahve Atölyesi"),
        Setting(
            key: "headers", kind: .texts,
            meaning: "Headers that the server wants, such as one that leaves links as they are; "
                + "{attempt} becomes the name of the mail. Nothing personal belongs here.",
            example: "['X-Mailgun-Track: no']"),
        Setting(
            key: "sends_per_minute", kind: .integer(1...100_000),
            meaning: "Mails a minute at most.", fallback: "60"),
        Setting(
            key: "repeat_after_seconds", kind: .integer(1...86_400),
            meaning: "Seconds after a lost answer until the mail is sent once more, under the same "
                + "Message-ID. Below 900 a slow server may still be at it.", fallback: "900"),
    ]

    private static let netgsm: [Setting] = [
        Setting(
            key: "user", kind: .text, meaning: "The subscriber number.", isRequired: true,
            example: "\"8501234567\""),
        Setting(
            key: "password", kind: .secret, meaning: "The password of the API sub-user.",
            isRequired: true, example: "{credential: netgsm-password}"),
        Setting(
            key: "header", kind: .text, meaning: "The approved sender name, 3 to 11 characters.",
            isRequired: true, example: "DERNEKADI"),
        Setting(
            key: "base_url", kind: .text, meaning: "Where the API is.",
            fallback: "https://api.netgsm.com.tr"),
        Setting(
            key: "sends_per_minute", kind: .integer(1...100_000),
            meaning: "Messages a minute at most.", fallback: "60"),
        Setting(
            key: "reconcile_after_seconds", kind: .integer(1...86_400),
            meaning: "Seconds after a lost reply until the delivery report is asked.",
            fallback: "120"),
        Setting(
            key: "reconcile_again_seconds", kind: .integer(1...86_400),
            meaning: "Seconds until it is asked the second time, when it knows nothing.",
            fallback: "600"),
    ]

    private static let tickets: [Setting] = [
        Setting(
            key: "base_url", kind: .text,
            meaning: "The address under which ticket pages are reached.",
            fallback: "https://bilet.example.org"),
        Setting(
            key: "sms", kind: .text,
            meaning: "The text of the SMS; {link} is the ticket's address. "
                + "It must stay free of advertising, so that no consent is needed.",
            fallback: "Ödemeniz ulaştı, kaydınız onaylandı. Bilet: {link}"),
    ]
}
