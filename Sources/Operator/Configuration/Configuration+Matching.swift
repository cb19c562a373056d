// SPDX-License-Identifier: Apache-2.0

internal import FoundationEssentials
internal import Matching

extension Configuration {
    /// What stands in the section `matching`.
    static func policy(_ section: SettingsSection?) -> MatchingPolicy {
        func own(_ key: String) -> MatchingPolicy.Own {
            section?.text(key) == SettingsSchema.anyWord
                ? .any : .these(section?.texts(key) ?? [])
        }
        var policy = MatchingPolicy(
            ownAccounts: own("own_accounts"), ownAddresses: own("own_addresses"))
        policy.standard = EventPolicy(switches: switches(section))
        return policy
    }

    static func switches(
        _ section: SettingsSection?
    ) -> [EvidenceRow: MatchingPolicy.Decision] {
        var switches: [EvidenceRow: MatchingPolicy.Decision] = [:]
        for row in EvidenceRow.allCases {
            switches[row] = section?.text(row.rawValue).flatMap(MatchingPolicy.Decision.init)
        }
        return switches
    }

    /// What the organizer risks with the word `any`, or with rules of one's own that are not where
    /// they should be; a line each.
    var risks: [String] {
        var risks: [String] = []
        if matching.ownAccounts == .any {
            risks.append(
                "matching.own_accounts is any: a bank's genuine notice about somebody else's "
                    + "account, sent on to this mailbox, counts as your money")
        }
        if matching.ownAddresses == .any {
            risks.append(
                "matching.own_addresses is any: a notice that prints no account counts as your "
                    + "money, to whomever the bank wrote it")
        }
        if let folder = localRulesDirectory, !FileManager.default.fileExists(atPath: folder) {
            risks.append(
                "local_rules_directory: there is no folder \(folder); no rule of yours is in force")
        }
        return risks
    }
}

extension MatchingPolicy {
    /// The same with more accounts that are the organizer's.
    func taking(accounts: [String]) -> MatchingPolicy {
        guard case .these(let listed) = ownAccounts else { return self }
        var policy = self
        policy.ownAccounts = .these(listed + accounts)
        return policy
    }
}
