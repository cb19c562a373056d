// SPDX-License-Identifier: Apache-2.0

/// Endings of domain names under which anybody may register one, such as `com.tr`.
///
/// A short list in place of the large public one, which changes weekly: it knows the endings under
/// which Turkish banks and the usual providers live. An ending that is missing here is taken for a
/// name of its own, so it helps against slips in a rule file and proves nothing.
package enum PublicSuffix {
    private static let suffixes: Set<String> = [
        "av.tr", "bbs.tr", "bel.tr", "biz.tr", "com.tr", "dr.tr", "edu.tr", "gen.tr", "gov.tr",
        "info.tr", "k12.tr", "kep.tr", "mil.tr", "name.tr", "net.tr", "org.tr", "pol.tr",
        "tel.tr", "tsk.tr", "tv.tr", "web.tr",
        "ac.uk", "co.uk", "gov.uk", "ltd.uk", "me.uk", "net.uk", "org.uk", "plc.uk",
        "co.il", "co.in", "co.jp", "co.kr", "co.nz", "co.za", "com.ar", "com.au", "com.br",
        "com.cn", "com.cy", "com.gr", "com.hk", "com.mx", "com.pl", "com.sg", "com.ua", "net.au",
        "org.au",
    ]

    /// Whether the name (lower case) belongs to everybody: a single label, or a known ending.
    package static func contains(_ domain: String) -> Bool {
        !domain.utf8.contains(46) || suffixes.contains(domain)
    }

    /// The name directly below a public ending, under which one organization stands for all:
    /// `ileti.bank.com.tr` → `bank.com.tr`. A public ending stands for itself.
    ///
    /// Source: RFC 7489 §3.2.
    package static func organizationalDomain(of domain: String) -> String {
        let labels = domain.split(separator: ".", omittingEmptySubsequences: false)
        for start in labels.indices.dropFirst() {
            if contains(labels[start...].joined(separator: ".")) {
                return labels[(start - 1)...].joined(separator: ".")
            }
        }
        return domain
    }
}
