// SPDX-License-Identifier: Apache-2.0

import CCurl
package import Domain

/// Where a byte stream goes and how it logs in.
package struct StreamEndpoint: Sendable {
    /// How the connection is protected; `none` is for loopback.
    package enum Security: Sendable { case tls, startTLS, none }

    /// How the log-in is said, by its name in `CURLOPT_LOGIN_OPTIONS`.
    package enum Mechanism: String, Sendable {
        case plain = "AUTH=PLAIN"
        case login = "AUTH=LOGIN"
        /// The LOGIN command; chosen by saying nothing.
        case command = ""
        case xoauth2 = "AUTH=XOAUTH2"
        case oauthBearer = "AUTH=OAUTHBEARER"
    }

    /// What proves who logs in.
    package enum Credentials: Sendable {
        case password(Secret)
        /// An OAuth 2 access token.
        case bearer(Secret)
    }

    package var host: String
    package var port: UInt16
    package var security: Security
    package var user: String
    package var credentials: Credentials
    /// A PEM file to trust instead of the system's authorities.
    package var caFile: String?
    /// The method that worked last time; nil tries what is sensible.
    package var knownMechanism: Mechanism?
    /// Covers name, TCP, TLS, greeting and log-in together.
    package var connectTimeout: Duration = .seconds(20)
    /// For each of the server's answers during the log-in.
    package var responseTimeout: Duration = .seconds(15)

    package init(
        host: String, port: UInt16, security: Security, user: String, credentials: Credentials,
        caFile: String? = nil
    ) {
        self.host = host
        self.port = port
        self.security = security
        self.user = user
        self.credentials = credentials
        self.caFile = caFile
    }

    var subject: String { "\(host):\(port)" }

    /// The methods to try, best first. Naming one always matters: left alone, libcurl prefers
    /// CRAM-MD5 even when it holds nothing but a token.
    var mechanisms: [Mechanism] {
        if let knownMechanism { return [knownMechanism] }
        switch credentials {
        case .password: return security == .none ? [.plain, .login] : [.plain, .login, .command]
        case .bearer: return [.xoauth2, .oauthBearer]
        }
    }

    /// Refuses what would end up as another URL, or as a password in clear text on a network.
    func check() throws(StreamError) {
        let isName = host.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "-"),
                UInt8(ascii: "_"), UInt8(ascii: ":"):
                true
            default: false
            }
        }
        guard isName, !host.isEmpty, port != 0 else {
            throw error(.configuration, "connect", "the host is not a name or an address")
        }
        let isLoopback = host == "localhost" || host == "::1" || host.hasPrefix("127.")
        guard security != .none || isLoopback else {
            throw error(.configuration, "connect", "without TLS only this machine may be asked")
        }
    }

    func error(
        _ kind: StreamError.Kind, _ operation: String, _ cause: String, said: String? = nil
    ) -> StreamError {
        StreamError(
            kind: kind, operation: operation, subject: subject, cause: cause, serverText: said)
    }
}

// MARK: - libcurl's options

extension StreamEndpoint {
    /// The first failure, or `CURLE_OK`. `CURLOPT_TIMEOUT` stays unset on purpose: it means nothing
    /// after the hand-over, and breaks the log-in on libcurl 8.17 and 8.18.
    func apply(
        to handle: UnsafeMutableRawPointer, by mechanism: Mechanism,
        transcript: StreamTranscript, authorities: AuthorityStore
    ) -> CURLcode {
        let scheme = security == .tls ? "imaps" : "imap"
        let name = host.contains(":") ? "[\(host)]" : host
        var texts: [(CURLoption, String)] = [
            (CURLOPT_URL, "\(scheme)://\(name):\(port)"),
            (CURLOPT_PROTOCOLS_STR, "imap,imaps"),
            (CURLOPT_USERNAME, user),
        ]
        switch credentials {
        case .password(let secret): texts.append((CURLOPT_PASSWORD, secret.reveal()))
        case .bearer(let token): texts.append((CURLOPT_XOAUTH2_BEARER, token.reveal()))
        }
        if mechanism != .command { texts.append((CURLOPT_LOGIN_OPTIONS, mechanism.rawValue)) }

        let longs: [(CURLoption, Int)] = [
            (CURLOPT_CONNECT_ONLY, 1), (CURLOPT_NOSIGNAL, 1),
            // A name server that hangs must not hold up the loop when the log-in is given up.
            (CURLOPT_QUICK_EXIT, 1),
            (CURLOPT_USE_SSL, Int(security == .startTLS ? CURLUSESSL_ALL.rawValue : 0)),
            (CURLOPT_SSL_VERIFYPEER, 1), (CURLOPT_SSL_VERIFYHOST, 2),
            (CURLOPT_SSLVERSION, CURL_SSLVERSION_TLSv1_2),
            (CURLOPT_CONNECTTIMEOUT_MS, connectTimeout.milliseconds),
            // The library counts in whole seconds, and 0 would mean its own two minutes.
            (CURLOPT_SERVER_RESPONSE_TIMEOUT, max(1, responseTimeout.milliseconds / 1000)),
            (CURLOPT_TCP_KEEPALIVE, 1), (CURLOPT_TCP_KEEPIDLE, 60), (CURLOPT_TCP_KEEPINTVL, 15),
            // The most libcurl takes; one large read beats many small ones.
            (CURLOPT_BUFFERSIZE, 524_288),
        ]
        var codes = texts.map { mutabik_stream_set_text(handle, $0, $1) }
        codes += longs.map { mutabik_stream_set_long(handle, $0, $1) }
        // Left alone, libcurl reads all authorities again for each connection: 20 ms and 1 MB.
        codes.append(mutabik_stream_set_text(handle, CURLOPT_CAINFO, nil))
        codes.append(mutabik_stream_set_text(handle, CURLOPT_CAPATH, nil))
        if security != .none { codes.append(authorities.attach(to: handle)) }
        codes.append(transcript.attach(to: handle))
        return codes.first { $0 != CURLE_OK } ?? CURLE_OK
    }
}

extension Duration {
    var milliseconds: Int {
        let (seconds, attoseconds) = components
        return Int(clamping: seconds) &* 1000 &+ Int(attoseconds / 1_000_000_000_000_000)
    }
}

// MARK: - What a failure means

extension StreamEndpoint {
    /// libcurl reports a busy server and a wrong password by the same number: the server's own
    /// words decide.
    func classify(_ code: CURLcode, _ transcript: StreamTranscript) -> StreamError {
        let said = transcript.lastWords(without: user)
        let cause = curlText(code)
        switch code {
        case CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_ENGINE_NOTFOUND, CURLE_SSL_CERTPROBLEM,
            CURLE_SSL_CACERT_BADFILE:
            return error(.certificate, "connect", cause)
        case CURLE_USE_SSL_FAILED: return error(.tlsMissing, "connect", cause, said: said)
        case CURLE_URL_MALFORMAT, CURLE_UNSUPPORTED_PROTOCOL, CURLE_NOT_BUILT_IN,
            CURLE_UNKNOWN_OPTION:
            return error(.configuration, "connect", cause)
        case CURLE_LOGIN_DENIED:
            let kind = refusal(transcript)
            return error(
                kind, "log in", kind == .mechanism ? transcript.offer : cause, said: said)
        case CURLE_WEIRD_SERVER_REPLY:
            let kind: StreamError.Kind = transcript.saidBye ? .temporary : .violation
            return error(kind, "connect", cause, said: said)
        default:
            // Some servers say good-bye where others say NO.
            let isPutOff = transcript.saidBye && transcript.asksForPatience
            return error(isPutOff ? .temporary : .network, "connect", cause, said: said)
        }
    }

    private func refusal(_ transcript: StreamTranscript) -> StreamError.Kind {
        if transcript.endsBeforeAuthentication { return .mechanism }
        if transcript.asksForPatience { return .temporary }
        // XOAUTH2 refusals come as a challenge; libcurl closes before the tagged NO.
        if case .bearer = credentials { return .credentials }
        return transcript.refused ? .credentials : .temporary
    }
}
