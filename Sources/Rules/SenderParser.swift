// SPDX-License-Identifier: Apache-2.0

import Mail

/// Who may send, and who must have signed.
extension RuleParser {
    func senders(_ node: RuleNode) -> ([String], [String]) {
        guard let entries = node.mapping(RuleFormat.sendersSection) else { return ([], []) }
        let addresses = (entries["addresses"]?.oneOrMore() ?? []).compactMap(address)
        let domains = (entries["domains"]?.oneOrMore() ?? []).compactMap(domain)
        if addresses.isEmpty, domains.isEmpty {
            node.complain(
                "no sender is named; list addresses or domains, or anybody could send this",
                "gönderen yazılmamış; addresses ya da domains ekleyin, yoksa herkes gönderebilir")
        }
        return (addresses, domains)
    }

    func authentication(_ node: RuleNode) -> RuleAddition.Authentication? {
        guard let entries = node.mapping(RuleFormat.authentication) else { return nil }
        let domains = (entries["domains"]?.oneOrMore() ?? []).compactMap(domain)
        if entries["domains"] != nil, domains.isEmpty {
            node.complain(
                "authentication names the domains that sign: domains: […]",
                "authentication imzalayan alan adlarını verir: domains: […]")
        }
        return RuleAddition.Authentication(
            domains: domains,
            proof: entries["require"]?.word("require", as: RuleFile.Proof.self) ?? .any,
            forwarders: entries["forwarders"].map { $0.oneOrMore().compactMap(domain) },
            rsaBitsMin: entries["rsa_bits_min"]?.number("rsa_bits_min", in: RuleFile.rsaBits))
    }

    func address(_ node: RuleNode) -> String? {
        guard let text = node.text("an address", "adres")?.lowercased() else { return nil }
        let parts = text.split(separator: "@", omittingEmptySubsequences: false)
        guard parts.count == 2, !parts[0].isEmpty, Self.isDomain(String(parts[1])) else {
            node.complain(
                "an address is written name@bank.example", "adres ad@banka.example diye yazılır",
                offending: text)
            return nil
        }
        return isOwned(String(parts[1]), node) ? text : nil
    }

    private func domain(_ node: RuleNode) -> String? {
        guard let text = node.text("a domain", "alan adı")?.lowercased() else { return nil }
        guard Self.isDomain(text) else {
            node.complain(
                "a domain is written bank.example, without @ and *",
                "alan adı banka.example diye, @ ve * olmadan yazılır", offending: text)
            return nil
        }
        return isOwned(text, node) ? text : nil
    }

    /// A rule for `com.tr` would believe whoever has a name below it.
    private func isOwned(_ domain: String, _ node: RuleNode) -> Bool {
        guard PublicSuffix.contains(domain) else { return true }
        node.complain(
            "\(domain) belongs to everybody; name the bank's own domain",
            "\(domain) herkesindir; bankanın kendi alan adını yazın", offending: domain)
        return false
    }

    private static func isDomain(_ text: String) -> Bool {
        let labels = text.split(separator: ".", omittingEmptySubsequences: false)
        return labels.count >= 2 && text.utf8.count <= 253
            && labels.allSatisfy { label in
                !label.isEmpty
                    && label.utf8.allSatisfy {
                        (97...122).contains($0) || (48...57).contains($0) || $0 == 45
                    }
            }
    }
}
