// SPDX-License-Identifier: Apache-2.0

/// What a mail server says in words, as far as it decides when to come again.
package enum ServerWords {
    /// RFC 5530 and the codes that large providers made up for throttling.
    private static let patientCodes: Set<String> = [
        "UNAVAILABLE", "LIMIT", "INUSE", "SERVERBUG", "THROTTLED", "OVERQUOTA",
    ]
    /// RFC 5530 §3: codes that stand for a decision, whatever the words beside them.
    private static let finalCodes: Set<String> = [
        "AUTHENTICATIONFAILED", "AUTHORIZATIONFAILED", "EXPIRED", "PRIVACYREQUIRED",
        "CONTACTADMIN", "NOPERM",
    ]
    /// Who is throttled says so in these words, beside whatever else.
    private static let throttlingWords = ["throttl", "bandwidth"]
    private static let patientWords = [
        "too many", "not connected", "try again", "temporar", "unavailable", "exceeded",
    ]
    /// "Invalid password, please try again" asks for another password, not for patience; an account
    /// that is locked for a while must not be tried every few minutes.
    private static let finalWords = [
        "password", "credential", "invalid", "incorrect", "locked", "disabled", "denied",
    ]

    /// Whether a refusal means "not now": asking again soon makes it worse, and nothing is wrong
    /// with what was asked.
    ///
    /// - Parameters:
    ///   - code: of `[CODE argument]`, in upper case.
    ///   - text: the words behind it.
    package static func askForPatience(code: String?, text: String) -> Bool {
        if let code {
            if finalCodes.contains(code) { return false }
            if patientCodes.contains(code) { return true }
        }
        let text = text.lowercased()
        if throttlingWords.contains(where: text.contains) { return true }
        return !finalWords.contains(where: text.contains)
            && patientWords.contains(where: text.contains)
    }

    /// Whether `code` says no for good.
    static func isFinal(code: String?) -> Bool { code.map(finalCodes.contains) ?? false }
}
