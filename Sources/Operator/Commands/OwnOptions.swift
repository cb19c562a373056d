// SPDX-License-Identifier: Apache-2.0

internal import ArgumentParser
internal import Matching

/// Whose money counts, where the configuration is not read.
struct OwnOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "One of your accounts, as matching.own_accounts lists them. Repeatable.",
            discussion: "Left out, every account counts as yours."))
    var ownAccount: [String] = []

    @Option(
        help: ArgumentHelp(
            "An address that your banks write to, as matching.own_addresses. Repeatable.",
            discussion: "Left out, a notice without an account counts to whomever it was written."))
    var ownAddress: [String] = []

    func validate() throws {
        for (option, texts, flaw) in [
            ("--own-account", ownAccount, AccountMask.flaw(of:)),
            ("--own-address", ownAddress, SettingsSchema.flaw(ofAddress:)),
        ] {
            guard let flaw = texts.lazy.compactMap(flaw).first else { continue }
            throw ValidationError("\(option): one of them \(flaw).")
        }
    }

    var policy: MatchingPolicy {
        func own(_ texts: [String]) -> MatchingPolicy.Own { texts.isEmpty ? .any : .these(texts) }
        return MatchingPolicy(ownAccounts: own(ownAccount), ownAddresses: own(ownAddress))
    }

    /// A line behind the summary that says what was not looked at; empty when all was.
    func note(_ language: Language) -> String {
        let missing = [("--own-account", ownAccount), ("--own-address", ownAddress)]
            .filter(\.1.isEmpty).map(\.0).joined(separator: ", ")
        guard !missing.isEmpty else { return "" }
        return "\n"
            + language.pick(
                "Money of strangers counts here, too: name what is yours with \(missing).",
                "Başkasına gelen para da sayıldı; size ait olanı belirtin: \(missing).")
    }
}
