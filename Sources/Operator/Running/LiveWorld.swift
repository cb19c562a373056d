// SPDX-License-Identifier: Apache-2.0

internal import Agent
internal import Connectors
internal import Cryptography
internal import Domain
internal import FoundationEssentials
internal import Ledger
internal import Mail
internal import Mailbox
internal import Matching
internal import Rules
internal import Wire

/// Makes the parts of the agent from the configuration. The only place where they meet.
struct LiveWorld {
    let configuration: Configuration
    let environment: [String: String]

    /// The ledger with the key that unlocks it.
    func ledger(hooks: LedgerHooks = LedgerHooks()) throws -> LedgerDatabase {
        let key = try masterKey()
        try makeStateDirectory()
        return try LedgerDatabase(
            path: configuration.ledgerPath, masterKey: key, hooks: hooks)
    }

    func masterKey() throws -> SealingKey {
        let secret = try configuration.masterKey.load(environment: environment)
        guard let bytes = Base64.decode(secret.reveal()), let key = try? SealingKey(bytes: bytes)
        else {
            throw ConfigurationError(
                path: "master_key", line: 0, column: 0,
                message: "not 32 bytes in base64; make one with: openssl rand -base64 32")
        }
        return key
    }

    func makeStateDirectory() throws {
        do {
            try FileManager.default.createDirectory(
                atPath: configuration.stateDirectory, withIntermediateDirectories: true,
                attributes: [.posixPermissions: 0o700])
        } catch {
            throw ConfigurationError(
                path: configuration.stateDirectory, line: 0, column: 0,
                message: "the state directory cannot be made; name another in state_directory")
        }
    }

    /// - Parameter bankDomains: that the rules know.
    func accounts(bankDomains: [String]) throws -> [MailboxAccount] {
        try configuration.mailboxes.map { mailbox in
            var account =
                switch mailbox.proof {
                case .password(let source):
                    account(mailbox, .password(try source.load(environment: environment)))
                case .oauth(let settings):
                    account(mailbox, .tokens(try tokenSource(mailbox.name, settings)))
                }
            account.bankDomains = bankDomains
            return account
        }
    }

    func account(
        _ mailbox: Configuration.Mailbox, _ credentials: MailboxAccount.Credentials
    ) -> MailboxAccount {
        let security: MailboxAccount.Security =
            switch mailbox.security {
            case "starttls": .startTLS
            case "none": .none
            default: .tls
            }
        var account = MailboxAccount(
            name: mailbox.name, host: mailbox.host, port: UInt16(mailbox.port),
            security: security, user: mailbox.user, credentials: credentials,
            folders: mailbox.folders, caFile: mailbox.caFile,
            pollInterval: .seconds(mailbox.pollSeconds),
            idleRenewal: .seconds(mailbox.idleRenewalSeconds),
            mailBytesMax: mailbox.mailBytesMax)
        account.afterCare = mailbox.afterCare
        return account
    }

    func connectors() throws -> [any EffectConnector] {
        var connectors: [any EffectConnector] = []
        let http = try HTTPClient()
        if let luma = configuration.luma {
            var settings = LumaConnector.Settings(
                apiKey: try luma.apiKey.load(environment: environment))
            settings.baseURL = luma.baseURL
            settings.sendsEmail = luma.sendEmail
            settings.pace = Pace(minGap: .zero, perMinute: luma.approvalsPerMinute)
            connectors.append(LumaConnector(settings: settings, http: http))
        }
        if let netgsm = configuration.netgsm {
            var settings = NetgsmConnector.Settings(
                usercode: netgsm.user,
                password: try netgsm.password.load(environment: environment),
                header: netgsm.header)
            settings.baseURL = netgsm.baseURL
            settings.pace = Pace(minGap: .zero, perMinute: netgsm.sendsPerMinute)
            settings.firstLookAfter = .seconds(netgsm.reconcileAfterSeconds)
            settings.nextLookAfter = .seconds(netgsm.reconcileAgainSeconds)
            connectors.append(NetgsmConnector(settings: settings, http: http))
        }
        if let email = configuration.email {
            connectors.append(EmailConnector(settings: try mailSettings(email)))
        }
        return connectors
    }

    private func mailSettings(
        _ email: Configuration.Email
    ) throws -> EmailConnector.Settings {
        let server = SMTPServer(
            host: email.host, port: UInt16(email.port), security: email.security,
            user: email.user, password: try email.password?.load(environment: environment),
            caFile: email.caFile, clientName: email.from.domain)
        var settings = EmailConnector.Settings(
            server: server, from: email.from, fromName: email.fromName)
        settings.extraHeaders = email.headers
        settings.pace = Pace(minGap: .zero, perMinute: email.sendsPerMinute)
        settings.repeatAfter = .seconds(email.repeatAfterSeconds)
        return settings
    }

    var targets: EffectTargets {
        EffectTargets(
            lumaEvents: configuration.lumaEvents, ticketBaseURL: configuration.ticketBaseURL,
            smsTemplate: configuration.smsTemplate, payees: configuration.payees,
            manners: configuration.messages.manners, channels: configuration.messages.channels,
            nextChannelAfter: configuration.messages.nextChannelAfter)
    }

    func keyRing() throws -> KeyRing {
        var keys: [String: [String]] = [:]
        if let path = configuration.dkimKeysFile { keys = try KeyFile.read(path) }
        guard configuration.usesDNS else { return KeyRing(file: keys, resolver: nil) }
        let resolver = KeyResolver(server: configuration.dnsServer)
        return KeyRing(file: keys, resolver: { resolver.keyAnswers($0) })
    }

    /// The rule book, and what was wrong with files that were left out.
    func ruleBook() throws -> (RuleBook, [RuleProblem]) {
        try ruleDirectory.compile()
    }

    var ruleDirectory: RuleDirectory {
        RuleDirectory(
            path: configuration.rulesDirectory, local: configuration.localRulesDirectory,
            isLocalOptional: true)
    }

    func reader(_ rules: RuleBook) -> MailReader {
        MailReader(
            rules: rules,
            authenticator: Authenticator(
                trustedAuthserv: configuration.authservID,
                trustedForwarders: configuration.forwarders),
            readPDF: PDFProgram.reader())
    }

    var schedule: PaymentSchedule {
        PaymentSchedule(terms: configuration.terms, channels: configuration.messages.channels)
    }

    var pipeline: PaymentPipeline { configuration.pipeline }
}

/// A file of DKIM keys.
enum KeyFile {
    static func read(_ path: String) throws -> [String: [String]] {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw ConfigurationError(
                path: path, line: 0, column: 0, message: "the key file cannot be read")
        }
        do throws(KeyFileError) {
            return try KeyRing.parse(String(decoding: data, as: UTF8.self))
        } catch {
            throw ConfigurationError(
                path: path, line: error.line, column: 1, message: error.message)
        }
    }
}

extension KeyResolver {
    /// The answers of DNS in the words of the mail room.
    func keyAnswers(_ names: [String]) -> [String: (answer: KeyAnswer, timeToLive: Duration)] {
        records(of: names).mapValues { answer in
            switch answer {
            case .records(let records, let timeToLive): (.records(records), timeToLive)
            case .absent: (.absent, .zero)
            case .unavailable: (.unavailable, .zero)
            }
        }
    }
}
