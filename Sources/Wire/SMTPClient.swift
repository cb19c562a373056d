// SPDX-License-Identifier: Apache-2.0

internal import CCurl
internal import Dispatch
package import Domain

/// A server that takes mail for others, and how to log in there.
package struct SMTPServer: Sendable {
    /// How the connection is protected; `none` is for loopback.
    package enum Security: String, Sendable, CaseIterable {
        /// TLS from the first byte (port 465, RFC 8314).
        case tls
        /// Clear text until STARTTLS (port 587), which must be offered.
        case startTLS = "starttls"
        case none
    }

    /// How long the server may think.
    package struct Patience: Sendable {
        /// Name, TCP and TLS together.
        package var connect: Duration = .seconds(30)
        /// Before each answer. RFC 5321 §4.5.3.2 allows five minutes; a server in use needs one.
        package var reply: Duration = .seconds(60)
        /// After the final dot, the one limit that must not be shortened: who stops waiting for a
        /// server that checks the mail for long sends it twice (RFC 5321 §4.5.3.2.6).
        package var acceptance: Duration = .seconds(600)
        /// For its good-bye.
        package var farewell: Duration = .seconds(3)

        package init() {}

        /// All of it. Each answer may come in pieces, and a server that sends a line now and then
        /// must not hold the channel for ever; five minutes are for everything before the dot.
        var whole: Duration { acceptance + .seconds(300) }
    }

    package var host: String
    package var port: UInt16
    package var security: Security
    /// Nil: the server takes mail without a log-in.
    package var user: String?
    package var password: Secret?
    /// A PEM file to trust instead of the system's authorities.
    package var caFile: String?
    /// The name we greet with.
    package var clientName: String
    package var patience = Patience()

    package init(
        host: String, port: UInt16, security: Security, user: String? = nil,
        password: Secret? = nil, caFile: String? = nil, clientName: String
    ) {
        self.host = host
        self.port = port
        self.security = security
        self.user = user
        self.password = password
        self.caFile = caFile
        self.clientName = clientName
    }
}

/// Hands mails over to one server, one after the other, each on a connection of its own.
///
/// Kept connections would save a handshake and bring a doubt: whether a connection died before or
/// after the final dot. TLS 1.2 at least, certificates verified, AUTH PLAIN or LOGIN only after
/// TLS. The mail is written at most once; libcurl never repeats an upload.
package final class SMTPClient: Sendable {
    private let server: SMTPServer
    private let queue = DispatchQueue(label: "smtp")

    package init(server: SMTPServer) { self.server = server }

    /// Hands one mail over to one recipient.
    ///
    /// - Parameter mail: header and body with CRLF line ends; dots are stuffed on the way.
    /// - Returns: what the server said when it took the mail, without addresses.
    /// - Throws: `SMTPError`; `isOutcomeUnknown` says whether the mail may have been taken.
    package func send(
        _ mail: [UInt8], from sender: MailAddress, to recipient: MailAddress
    ) async throws(SMTPError) -> String {
        let result: Result<String, SMTPError> = await withCheckedContinuation { continuation in
            queue.async { [server] in
                let result = Result { () throws(SMTPError) in
                    try server.send(mail, from: sender, to: recipient)
                }
                continuation.resume(returning: result)
            }
        }
        return try result.get()
    }
}

extension SMTPServer {
    private var subject: String { "\(host):\(port)" }

    /// All of one connection. It blocks the thread.
    fileprivate func send(
        _ mail: [UInt8], from sender: MailAddress, to recipient: MailAddress
    ) throws(SMTPError) -> String {
        try check()
        guard curlIsReady, let handle = curl_easy_init() else {
            throw error(.connect, .network, "libcurl does not start")
        }
        defer { curl_easy_cleanup(handle) }
        let recipients = curl_slist_append(nil, "<\(recipient.text)>")
        defer { curl_slist_free_all(recipients) }
        let talk = SMTPTalk(mail, on: handle, patience)
        let set = apply(to: handle, sender: sender, recipients: recipients, talk)
        guard recipients != nil, set == CURLE_OK else {
            throw error(.connect, .configuration, curlText(set))
        }
        let code = curl_easy_perform(handle)
        return try withExtendedLifetime(talk) { () throws(SMTPError) in
            if talk.step == .acceptance, let reply = talk.reply, reply.code < 300 {
                return talk.receipt
            }
            throw classify(code, talk)
        }
    }

    private func apply(
        to handle: UnsafeMutableRawPointer, sender: MailAddress,
        recipients: UnsafeMutablePointer<curl_slist>?, _ talk: SMTPTalk
    ) -> CURLcode {
        let name = host.contains(":") ? "[\(host)]" : host
        let scheme = security == .tls ? "smtps" : "smtp"
        var texts: [(CURLoption, String)] = [
            (CURLOPT_URL, "\(scheme)://\(name):\(port)/\(clientName)"),
            (CURLOPT_PROTOCOLS_STR, "smtp,smtps"), (CURLOPT_PROXY, ""),
            (CURLOPT_MAIL_FROM, "<\(sender.text)>"),
        ]
        if let user {
            texts.append((CURLOPT_USERNAME, user))
            texts.append((CURLOPT_PASSWORD, password?.reveal() ?? ""))
            texts.append((CURLOPT_LOGIN_OPTIONS, "AUTH=PLAIN;AUTH=LOGIN"))
        }
        let longs: [(CURLoption, Int)] = [
            (CURLOPT_NOSIGNAL, 1), (CURLOPT_UPLOAD, 1), (CURLOPT_SASL_IR, 1),
            // Only with it libcurl shows what it sends. Nothing is printed.
            (CURLOPT_VERBOSE, 1),
            (CURLOPT_FRESH_CONNECT, 1), (CURLOPT_FORBID_REUSE, 1),
            (CURLOPT_USE_SSL, Int(security == .none ? 0 : CURLUSESSL_ALL.rawValue)),
            (CURLOPT_SSL_VERIFYPEER, 1), (CURLOPT_SSL_VERIFYHOST, 2),
            (CURLOPT_SSLVERSION, CURL_SSLVERSION_TLSv1_2),
            (CURLOPT_TIMEOUT_MS, patience.whole.milliseconds),
            (CURLOPT_CONNECTTIMEOUT_MS, patience.connect.milliseconds),
            (CURLOPT_SERVER_RESPONSE_TIMEOUT, max(1, patience.reply.milliseconds / 1000)),
        ]
        var codes = texts.map { mutabik_stream_set_text(handle, $0, $1) }
        codes += longs.map { mutabik_stream_set_long(handle, $0, $1) }
        if let caFile {
            codes.append(mutabik_stream_set_text(handle, CURLOPT_CAINFO, caFile))
            codes.append(mutabik_stream_set_text(handle, CURLOPT_CAPATH, nil))
        }
        codes.append(mutabik_smtp_recipients(handle, recipients))
        codes.append(talk.attach())
        return codes.first { $0 != CURLE_OK } ?? CURLE_OK
    }

    /// Refuses what would end up as another URL, or as a password in clear text on a network.
    private func check() throws(SMTPError) {
        let isName: (String) -> Bool = { text in
            !text.isEmpty
                && text.utf8.allSatisfy { byte in
                    (48...57).contains(byte) || (65...90).contains(byte)
                        || (97...122).contains(byte) || ".-_:".utf8.contains(byte)
                }
        }
        guard isName(host), isName(clientName), port != 0 else {
            throw error(.connect, .configuration, "the host is not a name or an address")
        }
        guard security != .none || Self.isLoopback(host) else {
            throw error(.connect, .configuration, "without TLS only this machine may be asked")
        }
    }

    /// Whether a host is this machine itself, by its name alone.
    package static func isLoopback(_ host: String) -> Bool {
        // `127.example.org` is a name.
        host == "localhost" || host == "::1"
            || host.hasPrefix("127.")
                && host.utf8.allSatisfy { (48...57).contains($0) || $0 == UInt8(ascii: ".") }
    }

    private func classify(_ code: CURLcode, _ talk: SMTPTalk) -> SMTPError {
        let said = talk.reply.flatMap { $0.code >= 400 ? $0 : nil }
        let cause: SMTPError.Cause
        switch code {
        case CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CACERT_BADFILE, CURLE_SSL_ISSUER_ERROR,
            CURLE_SSL_CERTPROBLEM:
            cause = .certificate
        case CURLE_USE_SSL_FAILED where said.map({ $0.code >= 500 }) ?? true:
            cause = .tlsMissing
        case CURLE_LOGIN_DENIED where said == nil && talk.step == .hello: cause = .mechanism
        case CURLE_URL_MALFORMAT, CURLE_UNSUPPORTED_PROTOCOL, CURLE_NOT_BUILT_IN,
            CURLE_UNKNOWN_OPTION:
            cause = .configuration
        default: cause = said.map { .reply($0) } ?? .network
        }
        return error(talk.step, cause, curlText(code))
    }

    private func error(
        _ step: SMTPError.Step, _ cause: SMTPError.Cause, _ detail: String
    ) -> SMTPError {
        SMTPError(step: step, cause: cause, subject: subject, detail: detail)
    }
}
