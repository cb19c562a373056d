// SPDX-License-Identifier: Apache-2.0

internal import Mailbox

/// The settings of one mailbox.
extension SettingsSchema {
    static let mailbox: [Setting] = [
        Setting(
            key: "name", kind: .text, meaning: "A short name of your choice, for lists and logs.",
            isRequired: true, example: "bank"),
        Setting(
            key: "host", kind: .text, meaning: "The IMAP server, as its certificate names it.",
            isRequired: true, example: "imap.example.org"),
        Setting(
            key: "port", kind: .integer(1...65535), meaning: "993 for tls, 143 for starttls.",
            fallback: "993"),
        Setting(
            key: "security", kind: .choice(["tls", "starttls", "none"]),
            meaning: "How the connection is protected: tls, starttls, or none (loopback only).",
            fallback: "tls"),
        Setting(
            key: "user", kind: .text, meaning: "The log-in name, often the full address.",
            isRequired: true, example: "kasa@example.org"),
        Setting(
            key: "password", kind: .secret,
            meaning: "The password or app password. Either this or oauth is given.",
            isShown: true, example: "{credential: imap-password}"),
        Setting(
            key: "oauth", kind: .section(oauth),
            meaning:
                "Signing in without a password, as Gmail and Microsoft 365 want it. When it is "
                + "written, sign in once: mutabik login NAME. The manual's page on signing in says "
                + "how an application is registered."),
        Setting(
            key: "folder", kind: .text,
            meaning: "The folder to watch. It is only read. Left out: INBOX.",
            example: "Ödemeler"),
        Setting(
            key: "folders", kind: .texts,
            meaning: "Several folders instead of one, where the server sorts mail by itself. Each "
                + "takes a connection. A mail that stands in two of them counts once.",
            example: "[INBOX, Banka]"),
        Setting(
            key: "after_care", kind: .section(afterCare),
            meaning:
                "What becomes of settled mails on the server. Left out: nothing, the mailbox is "
                + "only read. A mail about which a person is still asked stays untouched until the "
                + "answer."),
        Setting(
            key: "ca_file", kind: .path,
            meaning: "Certificates of a private authority, PEM. Left out: the system's."),
        Setting(
            key: "poll_seconds", kind: .integer(1...MailboxAccount.quietSecondsMax),
            meaning: "Seconds between looks where the server does not push; short enough that a "
                + "server that has stopped answering is noticed within two minutes.",
            fallback: "60"),
        Setting(
            key: "idle_renewal_seconds", kind: .integer(5...MailboxAccount.quietSecondsMax),
            meaning: "Seconds after which IDLE is renewed, each time with a look. A server that "
                + "has stopped answering is noticed half a minute after that: within two minutes.",
            fallback: "85"),
        Setting(
            key: "mail_bytes_max", kind: .integer(65536...104_857_600),
            meaning: "Bytes of the largest mail that is read whole; a larger one goes to a person.",
            fallback: "26214400"),
    ]

    private static let afterCare: [Setting] = [
        Setting(
            key: "mails", kind: .choice(AfterCare.Mails.allCases.map(\.rawValue)),
            meaning: "Which mails: payments (those that tell of money), known (those that a rule "
                + "reads), or all.",
            fallback: "payments"),
        Setting(
            key: "flag", kind: .text,
            meaning: "Set on the mail: seen, flagged, or a keyword of your own.",
            example: "$Mutabik"),
        Setting(
            key: "move_to", kind: .text,
            meaning: "The folder that the mail is moved to; made when it is missing.",
            example: "Mutabik"),
    ]

    private static let oauth: [Setting] = [
        Setting(
            key: "provider", kind: .choice(["google", "microsoft", "other"]),
            meaning: "Who gives the permission: google (Gmail, Workspace), microsoft (365, "
                + "Outlook.com), or other, whose addresses are then named below.",
            isRequired: true, example: "microsoft"),
        Setting(
            key: "sign_in", kind: .choice(["person", "application"]),
            meaning: "person: somebody signs in once with mutabik login. application: the "
                + "application signs in by itself (Microsoft 365 with IMAP.AccessAsApp).",
            fallback: "person"),
        Setting(
            key: "tenant", kind: .text,
            meaning: "Microsoft's directory id of your organization; common lets every account in.",
            fallback: "common"),
        Setting(
            key: "client_id", kind: .text,
            meaning: "The id of the application that you registered with the provider.",
            isRequired: true, example: "00000000-0000-0000-0000-000000000000"),
        Setting(
            key: "client_secret", kind: .secret,
            meaning:
                "The application's secret. Google gives one; a public application of Microsoft "
                + "has none.",
            example: "{credential: oauth-client-secret}"),
        Setting(
            key: "authorize_url", kind: .text,
            meaning: "Of another provider: where a person gives permission.",
            example: "https://oauth.yandex.com/authorize"),
        Setting(
            key: "token_url", kind: .text,
            meaning: "Of another provider: where tokens are given.",
            example: "https://oauth.yandex.com/token"),
        Setting(
            key: "device_url", kind: .text,
            meaning: "Of another provider: where device codes are given, if they are.",
            example: "https://oauth.yandex.com/device/code"),
        Setting(
            key: "scope", kind: .text,
            meaning: "Of another provider: what is asked for, with blanks between.",
            example: "mail:imap_full"),
    ]
}
