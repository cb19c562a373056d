// SPDX-License-Identifier: Apache-2.0

package import Domain
package import FoundationEssentials

/// What the provider gave: a short permission, and mostly the means to get the next one.
package struct OAuthTokens: Sendable {
    package var access: Secret
    /// The access token is worth nothing after this.
    package var expiresAt: Date
    /// Nil when the application signs in by itself and can do so again.
    package var refresh: Secret?

    package init(access: Secret, expiresAt: Date, refresh: Secret?) {
        self.access = access
        self.expiresAt = expiresAt
        self.refresh = refresh
    }
}

/// The answer of a token endpoint (RFC 6749 §5.1, §5.2).
struct TokenReply: Decodable {
    var accessToken: String?
    var expiresIn: FlexibleSeconds?
    var refreshToken: String?
    var error: String?

    enum CodingKeys: String, CodingKey {
        case accessToken = "access_token"
        case expiresIn = "expires_in"
        case refreshToken = "refresh_token"
        case error
    }

    /// An hour, which is what Google and Microsoft give, when the reply does not say.
    private static let usualLife = 3600.0

    /// Nil when there is no access token in it.
    func tokens(now: Date, previous: Secret? = nil) -> OAuthTokens? {
        guard let accessToken, !accessToken.isEmpty else { return nil }
        return OAuthTokens(
            access: Secret(accessToken),
            expiresAt: now.addingTimeInterval(expiresIn?.value ?? Self.usualLife),
            // A refresh that brings no new refresh token leaves the old one in force (§6).
            refresh: refreshToken.map { Secret($0) } ?? previous)
    }
}

/// The answer of a device authorization endpoint (RFC 8628 §3.2).
struct DeviceReply: Decodable {
    var deviceCode: String
    var userCode: String
    var verificationURI: String?
    /// Google's older spelling.
    var verificationURL: String?
    var expiresIn: FlexibleSeconds?
    var interval: FlexibleSeconds?

    enum CodingKeys: String, CodingKey {
        case deviceCode = "device_code"
        case userCode = "user_code"
        case verificationURI = "verification_uri"
        case verificationURL = "verification_url"
        case expiresIn = "expires_in"
        case interval
    }
}

/// Seconds as a number or as a text: Microsoft's older endpoint wrote `"3599"`.
struct FlexibleSeconds: Decodable {
    let value: Double

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let number: Double
        if let plain = try? container.decode(Double.self) {
            number = plain
        } else if let text = Double(try container.decode(String.self)) {
            number = text
        } else {
            throw DecodingError.dataCorruptedError(
                in: container, debugDescription: "not seconds")
        }
        // A day is more than any provider gives; the bound keeps a hostile number from harm.
        value = number.isFinite ? min(max(number, 0), 86_400) : 0
    }
}
