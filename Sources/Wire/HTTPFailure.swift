// SPDX-License-Identifier: Apache-2.0

internal import CCurl

extension HTTPTransfer {
    static func notSent(_ request: HTTPRequest, _ label: WireError.Label) -> WireError {
        error(request, label, false)
    }

    static func error(
        _ request: HTTPRequest, _ label: WireError.Label, _ hasBegunWriting: Bool
    ) -> WireError {
        let (cause, hint, retry) = explain(label)
        return WireError(
            operation: request.method.rawValue, subject: HTTPAddress.redacted(request.url),
            label: label, cause: cause, hint: hint,
            effect: hasBegunWriting ? .outcomeUnknown : .notSent, retry: retry)
    }

    static func label(_ code: CURLcode) -> WireError.Label {
        switch code {
        case CURLE_URL_MALFORMAT: .badRequest
        case CURLE_COULDNT_RESOLVE_HOST: .nameNotResolved
        case CURLE_COULDNT_CONNECT: .notConnected
        case CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CACERT_BADFILE, CURLE_SSL_ISSUER_ERROR:
            .certificateRefused
        case CURLE_SSL_CONNECT_ERROR, CURLE_SSL_CIPHER, CURLE_SSL_CERTPROBLEM: .tlsFailed
        case CURLE_OPERATION_TIMEDOUT: .timedOut
        // The second is what a reply with an unknown HTTP version gives, after the request was
        // sent.
        case CURLE_WEIRD_SERVER_REPLY, CURLE_UNSUPPORTED_PROTOCOL, CURLE_BAD_CONTENT_ENCODING:
            .replyMalformed
        case CURLE_OUT_OF_MEMORY: .overloaded
        default: .connectionLost
        }
    }

    private static func explain(
        _ label: WireError.Label
    ) -> (cause: String, hint: String, retry: WireError.Retry) {
        switch label {
        case .badRequest:
            (
                "the address or a header is not allowed",
                "Addresses begin with https://; http:// is for this machine only.", .never
            )
        case .nameNotResolved:
            ("the name could not be resolved", "Check the network and the name servers.", .later)
        case .notConnected:
            ("no connection", "Check the network and whether the service is up.", .later)
        case .certificateRefused:
            (
                "the certificate is not trusted",
                "Check the clock, the host name and the certificate authorities.", .askOperator
            )
        case .tlsFailed:
            ("TLS could not be agreed upon", "The other side must offer TLS 1.2 or later.", .later)
        case .timedOut: ("no answer in time", "It is tried again by itself.", .later)
        case .connectionLost:
            ("the connection broke", "It is tried again by itself.", .later)
        case .replyTooLarge:
            (
                "the reply is larger than the limit", "Check that the address is the right one.",
                .later
            )
        case .replyMalformed:
            ("the reply is not HTTP", "Check that the address is the right one.", .later)
        case .cancelled: ("cancelled", "It was stopped from inside.", .later)
        case .overloaded:
            ("too many requests at once", "Look for missing memory.", .later)
        }
    }
}
