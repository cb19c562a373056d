// SPDX-License-Identifier: Apache-2.0

internal import CCurl
internal import Glibc

/// One request while libcurl works on it. Used by the loop's thread only.
final class HTTPTransfer {
    /// All header lines of a reply together; the providers send about 1 KB.
    private static let headerBytesMax = 32 << 10
    /// Reaching a server takes well under a second; after ten it is not there.
    private static let connectMillisecondsMax = 10_000
    /// A kept connection older than this is not used again: servers drop idle ones without a word,
    /// and a request written into a dropped one has an unknown outcome.
    private static let idleSecondsMax = 20

    let call: HTTPCall
    let reply: HTTPLoop.Reply
    private let bodyBytesMax: Int
    private var body: [UInt8] = []
    private var headers: [(name: String, value: String)] = []
    private var headerBytes = 0
    private var isHeadWhole = false
    private var hasBegunWriting = false
    private var isTooLarge = false
    private var slist: UnsafeMutablePointer<curl_slist>?
    private var url: OpaquePointer?

    init(call: HTTPCall, reply: HTTPLoop.Reply, bodyBytesMax: Int) {
        self.call = call
        self.reply = reply
        self.bodyBytesMax = bodyBytesMax
    }

    deinit {
        curl_slist_free_all(slist)
        curl_url_cleanup(url)
    }

    // MARK: - Before

    /// A configured handle; the caller frees it before it drops this transfer.
    func prepare(_ settings: HTTPClient.Settings) throws(WireError) -> UnsafeMutableRawPointer {
        let request = call.request
        url = try HTTPAddress.parse(request, allowsPlainHTTP: settings.allowsPlainHTTP)
        for header in request.headers where !Self.isClean(header) {
            throw Self.notSent(request, .badRequest)
        }
        for line in request.headers.map({ "\($0.name): \($0.value)" }) + ["Expect:"] {
            guard let longer = curl_slist_append(slist, line) else {
                throw Self.notSent(request, .overloaded)
            }
            slist = longer
        }
        guard let easy = curl_easy_init() else { throw Self.notSent(request, .overloaded) }
        guard configure(easy, settings) else {
            curl_easy_cleanup(easy)
            throw Self.notSent(request, .overloaded)
        }
        return easy
    }

    private func configure(
        _ easy: UnsafeMutableRawPointer, _ settings: HTTPClient.Settings
    ) -> Bool {
        let milliseconds = Self.milliseconds(call.timeout)
        var codes = [
            http_set_url(easy, url),
            http_set_long(easy, CURLOPT_NOSIGNAL, 1),
            http_set_long(easy, CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_1_1)),
            http_set_long(easy, CURLOPT_SSLVERSION, Int(CURL_SSLVERSION_TLSv1_2)),
            http_set_long(easy, CURLOPT_FOLLOWLOCATION, 0),
            http_set_long(easy, CURLOPT_TIMEOUT_MS, milliseconds),
            http_set_long(
                easy, CURLOPT_CONNECTTIMEOUT_MS, min(milliseconds, Self.connectMillisecondsMax)),
            http_set_long(easy, CURLOPT_MAXAGE_CONN, Self.idleSecondsMax),
            http_set_text(easy, CURLOPT_PROTOCOLS_STR, "http,https"),
            http_set_text(easy, CURLOPT_PROXY, ""),
            http_set_text(easy, CURLOPT_USERAGENT, "mutabik"),
            http_set_headers(easy, slist),
        ]
        if let file = settings.authorityFile {
            codes.append(http_set_text(easy, CURLOPT_CAINFO, file))
            codes.append(http_set_text(easy, CURLOPT_CAPATH, nil))
        }
        if call.request.method == .post {
            codes.append(http_set_long(easy, CURLOPT_POST, 1))
            codes.append(
                call.request.body.withUnsafeBytes { bytes in
                    http_set_body(easy, bytes.baseAddress, bytes.count)
                })
        }
        codes.append(
            http_set_callbacks(
                easy,
                { bytes, size, count, context in
                    HTTPTransfer.from(context)?.takeBody(bytes, size * count) ?? 0
                },
                { bytes, size, count, context in
                    HTTPTransfer.from(context)?.takeHeader(bytes, size * count) ?? 0
                },
                { context, _, _, _, _ in
                    HTTPTransfer.from(context)?.mayWrite() == true
                        ? CURL_PREREQFUNC_OK : CURL_PREREQFUNC_ABORT
                }, Unmanaged.passUnretained(self).toOpaque()))
        return codes.allSatisfy { $0 == CURLE_OK }
    }

    /// Field names are tokens; values must not start a line of their own (RFC 9110 §5.5).
    private static func isClean(_ header: (name: String, value: String)) -> Bool {
        !header.name.isEmpty
            && header.name.utf8.allSatisfy { (0x21...0x7E).contains($0) && $0 != 0x3A }
            && header.value.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F }
    }

    /// At least 1, because 0 means no limit to libcurl; at most a day.
    private static func milliseconds(_ duration: Duration) -> Int {
        let bounded = min(max(duration, .milliseconds(1)), .seconds(86_400))
        let (seconds, attoseconds) = bounded.components
        return Int(seconds) * 1_000 + Int(attoseconds / 1_000_000_000_000_000)
    }

    // MARK: - Meanwhile

    private static func from(_ context: UnsafeMutableRawPointer?) -> HTTPTransfer? {
        context.map { Unmanaged<HTTPTransfer>.fromOpaque($0).takeUnretainedValue() }
    }

    /// Called when a connection stands, right before the request is written to it. The second time
    /// means that libcurl would write the request again.
    private func mayWrite() -> Bool {
        defer { hasBegunWriting = true }
        return !hasBegunWriting
    }

    /// The number of bytes taken; any other number than `count` ends the transfer.
    private func takeBody(_ bytes: UnsafeMutablePointer<CChar>?, _ count: Int) -> Int {
        guard let bytes, body.count + count <= bodyBytesMax else {
            isTooLarge = count > 0
            return 0
        }
        body.append(contentsOf: UnsafeRawBufferPointer(start: bytes, count: count))
        return count
    }

    private func takeHeader(_ bytes: UnsafeMutablePointer<CChar>?, _ count: Int) -> Int {
        headerBytes += count
        guard let bytes, headerBytes <= Self.headerBytesMax else {
            isTooLarge = true
            return 0
        }
        let line = UnsafeRawBufferPointer(start: bytes, count: count)
        if line.starts(with: "HTTP/".utf8) {
            // After an interim answer (1xx) another head follows.
            headers = []
            isHeadWhole = false
        } else if line.first == 0x0D || line.first == 0x0A {
            isHeadWhole = true
        } else if let colon = line.firstIndex(of: 0x3A) {
            let value = String(decoding: line[(colon + 1)...], as: UTF8.self)
            headers.append(
                (
                    String(decoding: line[..<colon], as: UTF8.self).lowercased(),
                    String(value.trimmingBlanks)
                ))
        }
        return count
    }

    // MARK: - After

    /// - Parameter label: why it failed; nil when the reply is whole.
    func result(
        _ easy: UnsafeMutableRawPointer, failed label: WireError.Label?
    ) -> Result<HTTPResponse, WireError> {
        // libcurl takes a connection that ends within the head for a reply without a body.
        let label = label ?? (isHeadWhole ? nil : .connectionLost)
        if let label {
            return .failure(
                Self.error(call.request, isTooLarge ? .replyTooLarge : label, hasBegunWriting))
        }
        var status = 0
        _ = http_get_status(easy, &status)
        return .success(HTTPResponse(status: status, headers: headers, body: body))
    }
}

extension StringProtocol {
    /// Without blanks and line ends around it.
    fileprivate var trimmingBlanks: SubSequence {
        let isBlank: (Character) -> Bool = { $0 == " " || $0 == "\t" || $0.isNewline }
        guard let first = firstIndex(where: { !isBlank($0) }),
            let last = lastIndex(where: { !isBlank($0) })
        else { return self[startIndex..<startIndex] }
        return self[first...last]
    }
}
