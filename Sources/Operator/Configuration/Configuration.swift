// SPDX-License-Identifier: Apache-2.0

internal import Agent
internal import Domain
internal import FoundationEssentials
internal import Matching
internal import Workflow

/// The configuration file, read and checked. Secrets are still references.
struct Configuration: Sendable {
    struct Luma: Sendable {
        let apiKey: SecretSource
        let baseURL: String
        let sendEmail: Bool
        let approvalsPerMinute: Int
    }

    struct Netgsm: Sendable {
        let user: String
        let password: SecretSource
        let header: String
        let baseURL: String
        let sendsPerMinute: Int
        let reconcileAfterSeconds: Int
        let reconcileAgainSeconds: Int
    }

    let stateDirectory: String
    let rulesDirectory: String
    /// The organizer's own files beside those that ship; nil for none.
    let localRulesDirectory: String?
    let masterKey: SecretSource
    let mailboxes: [Mailbox]
    let authservID: String?
    /// Sealing domains of forwarders whose word counts.
    let forwarders: [String]
    let dkimKeysFile: String?
    let usesDNS: Bool
    let dnsServer: String?
    let matching: MatchingPolicy
    /// Events whose registrations get a kuruş of their own.
    let ownAmounts: Set<EventID>
    let terms: [EventID: PaymentTerms]
    let payees: [EventID: Payee]
    /// Event name → its id on Luma.
    let lumaEvents: [EventID: String]
    /// Event name → the two letters of its codes.
    let referencePrefixes: [EventID: String]
    let luma: Luma?
    let netgsm: Netgsm?
    let email: Email?
    let messages: Messages
    let ticketBaseURL: String
    let smsTemplate: String

    var ledgerPath: String { stateDirectory + "/ledger.sqlite" }
}

extension Configuration {
    /// Reads the text of a configuration file; `path` is for messages only.
    init(text: String, path: String) throws(ConfigurationError) {
        let root = try SettingsReader(path: path).read(text, SettingsSchema.all)
        func refuse(_ message: String) -> ConfigurationError {
            ConfigurationError(path: path, line: 0, column: 0, message: message)
        }
        func required(_ section: SettingsSection, _ key: String) throws(ConfigurationError)
            -> String
        {
            try section.required(key, path)
        }
        func number(_ section: SettingsSection, _ key: String) throws(ConfigurationError) -> Int {
            try section.number(key, path)
        }
        func secret(_ section: SettingsSection, _ key: String) throws(ConfigurationError)
            -> SecretSource
        {
            try section.secret(key, path)
        }

        stateDirectory = try required(root, "state_directory")
        rulesDirectory = try required(root, "rules_directory")
        localRulesDirectory = root.text("local_rules_directory")
        masterKey = try secret(root, "master_key")

        var mailboxes: [Mailbox] = []
        for section in root.list("mailboxes") {
            mailboxes.append(try Mailbox(section, path: path))
        }
        guard !mailboxes.isEmpty else { throw refuse("`mailboxes` lists no mailbox") }
        guard Set(mailboxes.map(\.name)).count == mailboxes.count else {
            throw refuse("two mailboxes have the same `name`")
        }
        self.mailboxes = mailboxes

        let trust = root.section("trust")
        authservID = trust?.text("authserv_id")
        forwarders = trust?.texts("forwarders") ?? []
        for forwarder in forwarders where !forwarder.contains(".") || forwarder.contains("@") {
            throw refuse("`trust.forwarders` lists domains such as google.com, not \(forwarder)")
        }
        dkimKeysFile = trust?.text("dkim_keys_file")
        usesDNS = trust?.flag("dns") ?? true
        dnsServer = trust?.text("dns_server")

        var policy = Self.policy(root.section("matching"))
        var ownAmounts: Set<EventID> = []
        var terms: [EventID: PaymentTerms] = [:]
        var payees: [EventID: Payee] = [:]

        var lumaEvents: [EventID: String] = [:]
        var prefixes: [EventID: String] = [:]
        var ids: Set<EventID> = []
        for section in root.list("events") {
            let id = EventID(try required(section, "id"))
            guard ids.insert(id).inserted else { throw refuse("event `\(id)` stands twice") }
            lumaEvents[id] = section.text("luma_event")
            policy.events[id] = EventPolicy(
                switches: policy.standard.switches.merging(
                    Self.switches(section.section("policy"))
                ) { $1 },
                seats: section.integer("seats"),
                graceSeconds: Double(try number(section, "grace_hours")) * 3600,
                title: section.text("title") ?? "")
            if section.flag("own_amounts") == true { ownAmounts.insert(id) }
            payees[id] = try Self.payee(section, id, refuse)
            terms[id] = try Self.terms(section, id, hasPayee: payees[id] != nil, refuse)
            if let prefix = section.text("reference_prefix") {
                guard prefix.utf8.count == 2, prefix.utf8.allSatisfy({ (65...90).contains($0) })
                else {
                    throw refuse("`reference_prefix` of event `\(id)` is two capital letters")
                }
                prefixes[id] = prefix
            }
        }
        matching = policy.taking(accounts: payees.values.map(\.iban.text).sorted())
        self.ownAmounts = ownAmounts
        self.terms = terms
        self.payees = payees
        self.lumaEvents = lumaEvents
        referencePrefixes = prefixes

        if let section = root.section("luma") {
            luma = Luma(
                apiKey: try secret(section, "api_key"),
                baseURL: try required(section, "base_url"),
                sendEmail: section.flag("send_email") ?? true,
                approvalsPerMinute: try number(section, "approvals_per_minute"))
        } else {
            luma = nil
        }
        if let section = root.section("netgsm") {
            netgsm = Netgsm(
                user: try required(section, "user"), password: try secret(section, "password"),
                header: try required(section, "header"),
                baseURL: try required(section, "base_url"),
                sendsPerMinute: try number(section, "sends_per_minute"),
                reconcileAfterSeconds: try number(section, "reconcile_after_seconds"),
                reconcileAgainSeconds: try number(section, "reconcile_again_seconds"))
        } else {
            netgsm = nil
        }

        if let section = root.section("email") {
            email = try Self.email(section, path)
        } else {
            email = nil
        }
        // Without Netgsm messages by SMS are written down and wait: a trial needs no account.
        messages = try Self.messages(
            root, ready: email == nil ? [.sms] : [.sms, .email], path)

        let tickets = root.section("tickets")
        ticketBaseURL = tickets?.text("base_url") ?? ""
        smsTemplate = tickets?.text("sms") ?? ""
        guard smsTemplate.contains("{link}") else {
            throw refuse("`tickets.sms` must contain {link}")
        }
    }
}
