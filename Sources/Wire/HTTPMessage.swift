// SPDX-License-Identifier: Apache-2.0

/// One request to an HTTP server.
package struct HTTPRequest: Sendable {
    /// The request methods that providers ask for.
    package enum Method: String, Sendable {
        case get = "GET"
        case post = "POST"
    }

    package let method: Method
    /// Absolute, `https://…`; `http://` only where `HTTPClient.Settings` allows it. Already
    /// percent-encoded, without user and password.
    package let url: String
    /// Name and value, sent in this order. Values may be secret: they are never logged.
    package let headers: [(name: String, value: String)]
    package let body: [UInt8]

    package init(
        _ method: Method, _ url: String, headers: [(name: String, value: String)] = [],
        body: [UInt8] = []
    ) {
        self.method = method
        self.url = url
        self.headers = headers
        self.body = body
    }
}

/// What the server answered. Redirects and error statuses are answers like any other.
package struct HTTPResponse: Sendable {
    package let status: Int
    /// In the order of arrival, names in lower case, values trimmed.
    package let headers: [(name: String, value: String)]
    package let body: [UInt8]

    package init(status: Int, headers: [(name: String, value: String)], body: [UInt8]) {
        self.status = status
        self.headers = headers
        self.body = body
    }

    /// The first value under a name given in lower case.
    package func header(_ name: String) -> String? {
        headers.first { $0.name == name }?.value
    }
}
