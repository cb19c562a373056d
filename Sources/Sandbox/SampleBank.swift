// SPDX-License-Identifier: Apache-2.0

internal import Cryptography
package import Domain
package import FoundationEssentials

/// A transfer that a bank tells its customer about.
package struct SampleTransfer: Hashable, Sendable {
    package var bank: SampleBank.Bank
    /// As the payer writes it; the bank changes the case in its own way.
    package var payer: String
    package var amount: Money
    /// The payer's words; not every bank prints them.
    package var description: String?
    package var occurredAt: Date
    /// Without angle brackets; empty lets the bank make one out of the rest.
    package var messageID: String
    /// Ziraat alone: the receipt that it sends beside the notice, with the payer's words.
    package var isReceipt: Bool
    /// Garanti alone: the money came to an account that is not the organizer's.
    package var isToOtherAccount: Bool
    /// Moka alone: the provider's number of the payment, eight digits.
    package var number: Int

    package init(
        bank: SampleBank.Bank, payer: String, amount: Money, description: String? = nil,
        occurredAt: Date, messageID: String = "", isReceipt: Bool = false,
        isToOtherAccount: Bool = false, number: Int = 90_412_233
    ) {
        self.bank = bank
        self.payer = payer
        self.amount = amount
        self.description = description
        self.occurredAt = occurredAt
        self.messageID = messageID
        self.isReceipt = isReceipt
        self.isToOtherAccount = isToOtherAccount
        self.number = number
    }
}

/// Composes and signs the notices of seven Turkish banks and wallets, and of a provider of payments
/// by card, for tests and demos.
///
/// The keys live as long as the bank; `keyFile` says how to verify.
package final class SampleBank: Sendable {
    /// Whose notices can be made.
    package enum Bank: String, Sendable, CaseIterable {
        case garanti, akbank, yapiKredi, halkbank, kuveytTurk, ziraat, papara
        /// A provider: card payments, which their holders may dispute. What it writes takes a
        /// person, for its rule is a draft.
        case moka

        /// Those whose notices are read without a person.
        package static let transferring: [Bank] = allCases.filter { $0 != .moka }

        /// Whether the payer's own words stand in the notice.
        package var printsDescription: Bool { self != .yapiKredi && self != .ziraat }
    }

    /// What the mail is in truth.
    package enum Variant: String, Sendable, CaseIterable {
        case genuine
        /// The same words without any signature.
        case unsigned
        /// A digit of the body was changed after signing.
        case changedBody
        /// Signed well, by a domain that is not the bank's.
        case foreignSignature
        /// From a domain that looks like the bank's, signed well by that domain.
        case lookAlike
        /// The twin that tells of money going out.
        case outgoing
        /// An advertisement by the same sender.
        case promotion
        /// The payment was taken back. Told by Moka alone; other banks write nothing that is read.
        case chargeback

        /// Those that must approve nobody.
        static let attacks: [Variant] = allCases.filter { $0 != .genuine && $0 != .chargeback }
    }

    /// How mails are signed. Below 1024 bits careful verifiers refuse a key.
    package enum Algorithm: Hashable, Sendable {
        case rsa(bits: Int)
        case ed25519
    }

    /// Who gets the notices.
    package static let recipient = "odemeler@sahnekapisi.example"
    /// The accounts of all notices, as the banks print them.
    package static let accounts = [
        "412-****567", "7***3", "6612XXXX0934", "TR69 0001 2070 0000 0007 4074 02", "3", "5001",
        "TR22 0001 0070 0000 0006 1728 35",
    ]
    /// The account owner of all notices, in the bank's capitals.
    package static let owner = "SAHNE KAPISI DERNEĞİ"
    static let strangerDomain = "odeme-bilgi.example"

    private let signer: DKIMSigner

    package init(_ algorithm: Algorithm = .rsa(bits: 2048)) throws(SandboxError) {
        do {
            signer = try DKIMSigner(algorithm)
        } catch { throw Self.failed("make a key", error) }
    }

    /// Lines `selector._domainkey.domain<TAB>v=DKIM1; k=rsa; p=…`, for every domain that signs.
    package var keyFile: String {
        var domains = Bank.allCases.map(\.domain)
        domains += Bank.allCases.map(Self.lookAlikeDomain) + [Self.strangerDomain]
        return domains.map { "\(DKIMSigner.selector)._domainkey.\($0)\t\(signer.record)\n" }
            .joined()
    }

    /// The mail as it arrives: header, CRLF, two alternative parts, 3 to 6 KB.
    ///
    /// - Parameter recipient: whom the bank writes to.
    package func mail(
        _ transfer: SampleTransfer, _ variant: Variant = .genuine,
        to recipient: String = recipient
    ) throws(SandboxError) -> [UInt8] {
        let bank = transfer.bank
        let seconds = Int(transfer.occurredAt.timeIntervalSince1970.rounded(.down))
        let notice = Notice.of(transfer, variant, time: CivilTime(secondsSince1970: seconds))
        let domain = variant == .lookAlike ? Self.lookAlikeDomain(bank) : bank.domain
        // Banks tell within seconds.
        let sentAt = seconds + 4
        let (fields, body) = MailComposer.compose(
            MailComposer.Parts(
                from: (bank.displayName, "\(bank.mailbox)@\(domain)"), to: recipient,
                subject: notice.subject, date: CivilTime(secondsSince1970: sentAt),
                messageID: messageID(transfer, variant, domain: domain), text: notice.text,
                html: notice.html, attachment: notice.attachment, encoding: bank.encoding))
        var header = fields
        if variant != .unsigned {
            let signing = variant == .foreignSignature ? Self.strangerDomain : domain
            do {
                header.insert(
                    try signer.field(
                        fields: fields, body: body, domain: signing, seconds: sentAt), at: 0)
            } catch { throw Self.failed("sign", error) }
        }
        let sent = variant == .changedBody ? Self.changed(body) : body
        return Array((header.joined(separator: "\r\n") + "\r\n\r\n" + sent).utf8)
    }

    private func messageID(
        _ transfer: SampleTransfer, _ variant: Variant, domain: String
    ) -> String {
        if !transfer.messageID.isEmpty { return transfer.messageID }
        let seed = [
            transfer.bank.rawValue, variant.rawValue, transfer.payer, transfer.amount.decimal,
            transfer.description ?? "", "\(transfer.occurredAt.timeIntervalSince1970)",
            transfer.isReceipt ? "receipt" : "", transfer.bank == .moka ? "\(transfer.number)" : "",
        ].joined(separator: "\n")
        let digest = Digest.sha256(Array(seed.utf8)).prefix(10)
        return "\(Hex.encode(Array(digest)))@\(domain)"
    }

    /// The last letter or digit before the closing boundary becomes another one.
    private static func changed(_ body: String) -> String {
        var bytes = Array(body.utf8)
        let third = bytes.count / 3
        guard let index = bytes[third...].firstIndex(where: { (97...121).contains($0) }) else {
            return body + "x\r\n"
        }
        bytes[index] += 1
        return String(decoding: bytes, as: UTF8.self)
    }

    /// `bildirim@garantibbva.com.tr.odeme-bilgi.example`, as forgers like it.
    private static func lookAlikeDomain(_ bank: Bank) -> String {
        "\(bank.domain).\(strangerDomain)"
    }

    private static func failed(_ operation: String, _ error: CryptoError) -> SandboxError {
        SandboxError(
            operation: operation, subject: "sample bank", cause: error.cause, hint: error.hint)
    }
}

extension SampleBank.Bank {
    /// The domain of the sender, which also signs.
    package var domain: String {
        switch self {
        case .garanti: "garantibbva.com.tr"
        case .akbank: "bilgi.akbank.com"
        case .yapiKredi: "iletisim.yapikredi.com.tr"
        case .halkbank: "bilgi.halkbank.com.tr"
        case .kuveytTurk: "kuveytturk.com.tr"
        case .ziraat: "ileti.ziraatbank.com.tr"
        case .papara: "papara.com"
        case .moka: "mokaunited.com"
        }
    }

    var mailbox: String {
        switch self {
        case .garanti: "garantibbva"
        case .akbank: "HIZMET"
        case .yapiKredi: "yapikredi"
        case .halkbank: "halkbank.bilgilendirme"
        case .kuveytTurk: "bilgilendirme"
        case .ziraat: "ziraatbankasi"
        case .papara: "bilgi"
        case .moka: "operations"
        }
    }

    var displayName: String {
        switch self {
        case .garanti: "Garanti BBVA"
        case .akbank: "AKBANK HABERCİ"
        case .yapiKredi: "Yapı Kredi"
        case .halkbank: "Halkbank"
        case .kuveytTurk: "Kuveyt Türk"
        case .ziraat: "Ziraat Bankası"
        case .papara: "Papara"
        case .moka: "Moka United"
        }
    }

    /// The colour of the head of the page, as each bank's readers know it.
    var colour: String {
        switch self {
        case .garanti: "#008a3e"
        case .akbank: "#dc0005"
        case .yapiKredi: "#004990"
        case .halkbank: "#0066b3"
        case .kuveytTurk: "#00704a"
        case .ziraat: "#e30613"
        case .papara: "#1b1b1b"
        case .moka: "#e4002b"
        }
    }

    var encoding: MailComposer.Encoding {
        switch self {
        case .garanti, .yapiKredi, .kuveytTurk, .papara: .quotedPrintable
        case .akbank, .halkbank, .ziraat, .moka: .base64
        }
    }
}
