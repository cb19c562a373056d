// SPDX-License-Identifier: Apache-2.0

internal import CCurl

/// Addresses as libcurl itself reads them, so that what is checked is what is connected to.
enum HTTPAddress {
    /// A handle for `CURLOPT_CURLU` that the caller frees.
    static func parse(
        _ request: HTTPRequest, allowsPlainHTTP: Bool
    ) throws(WireError) -> OpaquePointer {
        guard let url = curl_url() else { throw HTTPTransfer.notSent(request, .overloaded) }
        guard curl_url_set(url, CURLUPART_URL, request.url, 0) == CURLUE_OK,
            isAllowed(url, allowsPlainHTTP)
        else {
            curl_url_cleanup(url)
            throw HTTPTransfer.notSent(request, .badRequest)
        }
        return url
    }

    /// Without query, fragment and user: what may stand in logs.
    static func redacted(_ address: String) -> String {
        guard let url = curl_url() else { return "?" }
        defer { curl_url_cleanup(url) }
        guard curl_url_set(url, CURLUPART_URL, address, 0) == CURLUE_OK else { return "?" }
        for part in [CURLUPART_QUERY, CURLUPART_FRAGMENT, CURLUPART_USER, CURLUPART_PASSWORD] {
            curl_url_set(url, part, nil, 0)
        }
        return part(CURLUPART_URL, of: url) ?? "?"
    }

    private static func isAllowed(_ url: OpaquePointer, _ allowsPlainHTTP: Bool) -> Bool {
        guard part(CURLUPART_USER, of: url) == nil, let host = part(CURLUPART_HOST, of: url)
        else { return false }
        switch part(CURLUPART_SCHEME, of: url) {
        case "https": return true
        case "http": return allowsPlainHTTP || isLoopback(host)
        default: return false
        }
    }

    /// Written as an address or as the name that libcurl never asks a name server for.
    private static func isLoopback(_ host: String) -> Bool {
        if host == "localhost" || host == "[::1]" { return true }
        let numbers = host.split(separator: ".", omittingEmptySubsequences: false)
        return numbers.count == 4 && numbers[0] == "127"
            && numbers.allSatisfy { UInt8($0) != nil }
    }

    private static func part(_ part: CURLUPart, of url: OpaquePointer) -> String? {
        var text: UnsafeMutablePointer<CChar>?
        guard curl_url_get(url, part, &text, 0) == CURLUE_OK, let text else { return nil }
        defer { curl_free(text) }
        return String(cString: text)
    }
}
