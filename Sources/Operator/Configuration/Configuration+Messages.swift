// SPDX-License-Identifier: Apache-2.0

internal import Agent
internal import Connectors
internal import Domain
internal import FoundationEssentials
internal import Matching
internal import Wire
internal import Workflow

extension Configuration {
    /// The mail server and the address we write from.
    struct Email: Sendable {
        let host: String
        let port: Int
        let security: SMTPServer.Security
        let user: String?
        let password: SecretSource?
        let caFile: String?
        let from: MailAddress
        let fromName: String?
        let headers: [EmailConnector.Settings.Header]
        let sendsPerMinute: Int
        let repeatAfterSeconds: Int
    }

    /// How guests are written to.
    struct Messages: Sendable {
        let channels: ChannelOrder
        let nextChannelAfter: TimeInterval
        let manners: [EventID: EffectTargets.Manner]
    }

    /// Decides what mails bring, with the organizer's switches and channels.
    var pipeline: PaymentPipeline {
        PaymentPipeline(
            matcher: Matcher(policy: matching), channels: messages.channels,
            instructed: instructed)
    }

    /// Events whose guests are told what is to pay.
    var instructed: Set<EventID> { Set(terms.filter { $0.value.sendsInstructions }.keys) }

    static func email(
        _ section: SettingsSection, _ path: String
    ) throws(ConfigurationError) -> Email {
        func refuse(_ message: String) -> ConfigurationError {
            ConfigurationError(path: path, line: 0, column: 0, message: message)
        }
        guard let from = MailAddress(try section.required("from", path)) else {
            throw refuse("`email.from` is an address such as bilet@example.org")
        }
        let host = try section.required("host", path)
        let security =
            section.text("security").flatMap(SMTPServer.Security.init(rawValue:)) ?? .tls
        guard security != .none || SMTPServer.isLoopback(host) else {
            throw refuse("`email.security` may be none only for a server on this machine")
        }
        let user = section.text("user")
        let password = section.section("password").flatMap(SecretSource.init)
        guard (user == nil) == (password == nil) else {
            throw refuse("`email.user` and `email.password` belong together")
        }
        var headers: [EmailConnector.Settings.Header] = []
        for line in section.texts("headers") {
            guard let header = EmailConnector.Settings.Header(line) else {
                throw refuse(
                    "`email.headers` lists `Name: value` in plain letters, and none that every "
                        + "mail has already")
            }
            headers.append(header)
        }
        return Email(
            host: host, port: try section.number("port", path), security: security, user: user,
            password: password, caFile: section.text("ca_file"), from: from,
            fromName: section.text("from_name"), headers: headers,
            sendsPerMinute: try section.number("sends_per_minute", path),
            repeatAfterSeconds: try section.number("repeat_after_seconds", path))
    }

    /// - Parameter ready: channels whose section is there.
    static func messages(
        _ root: SettingsSection, ready: Set<Channel>, _ path: String
    ) throws(ConfigurationError) -> Messages {
        let section = root.section("messages") ?? SettingsSection()
        let language = language(section) ?? .turkish
        var orders: [EventID: [Channel]] = [:]
        var manners: [EventID: EffectTargets.Manner] = [:]
        for event in root.list("events") {
            let id = EventID(try event.required("id", path))
            let order = try channels(event, "`channels` of event `\(id)`", ready, path)
            if !order.isEmpty { orders[id] = order }
            manners[id] = EffectTargets.Manner(
                title: event.text("title"), language: Self.language(event) ?? language)
        }
        let usual = try channels(section, "`messages.channels`", ready, path)
        return Messages(
            channels: ChannelOrder(usual.isEmpty ? [.sms] : usual, events: orders),
            nextChannelAfter: Double(
                try section.number("next_channel_after_hours", path)) * 3_600,
            manners: manners)
    }

    private static func language(_ section: SettingsSection) -> GuestLanguage? {
        section.text("language").flatMap(GuestLanguage.init(rawValue:))
    }

    private static func channels(
        _ section: SettingsSection, _ place: String, _ ready: Set<Channel>, _ path: String
    ) throws(ConfigurationError) -> [Channel] {
        var channels: [Channel] = []
        for word in section.texts("channels") {
            let known = Channel.allCases.map(\.rawValue).joined(separator: ", ")
            guard let channel = Channel(rawValue: word), !channels.contains(channel) else {
                throw ConfigurationError(
                    path: path, line: 0, column: 0,
                    message: "\(place) lists, each once: \(known)")
            }
            guard ready.contains(channel) else {
                throw ConfigurationError(
                    path: path, line: 0, column: 0,
                    message: "\(place) names \(word), and the section `\(word)` is missing")
            }
            channels.append(channel)
        }
        return channels
    }
}
