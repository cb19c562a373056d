// SPDX-License-Identifier: Apache-2.0

import Mail

/// Who may send, and who must have signed.
extension RuleParser {
    func senders(_ node: RuleNode) -> ([String], [String]) {
        guard let entries = node.mapping(RuleFormat.sendersSection) else { return ([], []) }
        let addresses = entries["addresses"]?.oneOrMore() ?? []
        let domains = entries["domains"]?.oneOrMore() ?? []
        // One that is refused has its complaint already.
        if addresses.isEmpty, domains.isEmpty {
            node.complain(
                "no sender is named; list addresses or domains, or anybody could send this",
                "gönderen yazılmamış; addresses ya da domains ekleyin, yoksa herkes gönderebilir")
        }
        return (addresses.compactMap(address), domains.compactMap(domain))
    }

    func authentication(_ node: RuleNode) -> RuleAddition.Authentication? {
        guard let entries = node.mapping(RuleFormat.authentication) else { return nil }
        let domains = entries["domains"]?.oneOrMore()
        if let domains, domains.isEmpty {
            node.complain(
                "authentication names the domains that sign: domains: […]",
                "authentication imzalayan alan adlarını verir: domains: […]")
        }
        return RuleAddition.Authentication(
            domains: (domains ?? []).compactMap(domain),
            proof: entries["require"]?.word("require", as: RuleFile.Proof.self) ?? .any,
            forwarders: entries["forwarders"].map { $0.oneOrMore().compactMap(domain) },
            rsaBitsMin: entries["rsa_bits_min"]?.number("rsa_bits_min", in: RuleFile.rsaBits))
    }

    func address(_ node: RuleNode) -> String? {
        guard let text = node.text("an address", "adres")?.lowercased() else { return nil }
        let parts = text.split(separator: "@", omittingEmptySubsequences: false)
        if parts.count == 2, parts[0] == "*" {
            node.complain(
                "an address has no *; for all addresses of a domain write domains: [\(parts[1])]",
                "adreste * olmaz; bir alan adının bütün adresleri için domains: [\(parts[1])] yazın",
                offending: text)
            return nil
        }
        guard parts.count == 2, Self.isLocalPart(parts[0]), Self.isDomain(String(parts[1])) else {
            node.complain(
                "an address is written name@bank.example", "adres ad@banka.example diye yazılır",
                offending: text)
            return nil
        }
        return isOwned(String(parts[1]), node) ? text : nil
    }

    /// Where anybody gets an address: what comes from there was passed on by a person.
    private static let freeMail: Set<String> = [
        "aol.com", "gmail.com", "gmx.com", "gmx.de", "gmx.net", "googlemail.com", "hotmail.com",
        "hotmail.com.tr", "icloud.com", "live.com", "mac.com", "mail.com", "mail.ru", "me.com",
        "msn.com", "mynet.com", "outlook.com", "outlook.com.tr", "outlook.de", "proton.me",
        "protonmail.com", "web.de", "windowslive.com", "yahoo.com", "yahoo.com.tr", "yandex.com",
        "yandex.com.tr", "yandex.ru", "ymail.com",
    ]

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
        guard !Self.freeMail.contains(domain) else {
            node.complain(
                "everybody has addresses at \(domain); name the bank, not who passed its mail on",
                "\(domain) adresini herkes alabilir; iletiyi aktaranı değil bankayı yazın",
                offending: domain)
            return false
        }
        guard PublicSuffix.contains(domain) else { return true }
        node.complain(
            "\(domain) belongs to everybody; name the bank's own domain",
            "\(domain) herkesindir; bankanın kendi alan adını yazın", offending: domain)
        return false
    }

    /// The signs of RFC 5322 §3.2.3 without `*`, which no bank has and people mean otherwise.
    private static func isLocalPart(_ text: Substring) -> Bool {
        let signs = Set(".!#$%&'+-/=?^_`{|}~".utf8)
        return !text.isEmpty
            && text.utf8.allSatisfy {
                (97...122).contains($0) || (48...57).contains($0) || signs.contains($0)
            }
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
