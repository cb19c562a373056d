// SPDX-License-Identifier: Apache-2.0

import Cryptography
import Domain
import Foundation
import Ledger
import Testing

/// 22 November 2026, 11:05:33 UTC; the tests never ask for the real time.
let noon = Date(timeIntervalSince1970: 1_795_345_533)

func masterKey(_ byte: UInt8 = 7) throws -> SealingKey {
    try SealingKey(bytes: [UInt8](repeating: byte, count: 32))
}

func temporary() throws -> LedgerDatabase { try LedgerDatabase.temporary(masterKey: masterKey()) }

/// A folder of its own that is gone when the value is.
final class Folder {
    let path: String

    init() throws {
        path = NSTemporaryDirectory() + "ledger-" + UUID().uuidString
        try FileManager.default.createDirectory(
            atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    var database: String { path + "/mutabik.sqlite" }

    func open(_ hooks: LedgerHooks = LedgerHooks()) throws -> LedgerDatabase {
        try LedgerDatabase(path: database, masterKey: masterKey(), hooks: hooks)
    }

    /// The files as a crash would leave them: without the shared memory, which dies with it.
    func copyAsAfterCrash() throws -> Folder {
        let copy = try Folder()
        for suffix in ["", "-wal"] where FileManager.default.fileExists(atPath: database + suffix) {
            try FileManager.default.copyItem(
                atPath: database + suffix, toPath: copy.database + suffix)
        }
        return copy
    }

    /// Every byte of every file of the database.
    func bytes() throws -> Data {
        try FileManager.default.contentsOfDirectory(atPath: path).reduce(into: Data()) {
            $0.append(try Data(contentsOf: URL(fileURLWithPath: path + "/" + $1)))
        }
    }
}

func lira(_ minor: Int64) -> Money { Money(minorUnits: minor, currency: .turkishLira) }

func code(_ number: Int, prefix: String = "KT") throws -> ReferenceCode {
    var payload: [UInt8] = []
    var rest = number
    for _ in 0..<ReferenceCode.payloadLength {
        payload.append(ReferenceCode.alphabet[rest % 23])
        rest /= 23
    }
    return try #require(
        ReferenceCode(prefix: prefix, payload: String(decoding: payload, as: UTF8.self)))
}

func registration(
    _ number: Int, name: String = "Elif Karaca", due: Int64 = 125_000,
    state: RegistrationState = .awaitingPayment
) throws -> Registration {
    Registration(
        id: RegistrationID("reg-\(number)"), event: EventID("gala"), name: PersonName(name),
        email: "guest\(number)@example.com", phone: PhoneNumber("0532 000 00 \(10 + number % 90)"),
        due: lira(due), reference: try code(number), registeredAt: noon, state: state)
}

func place(_ uid: UInt32, folder: String = "INBOX") -> MailPlace {
    MailPlace(account: "box", folder: folder, uidvalidity: 9, uid: uid)
}

func reading(
    _ outcome: MailOutcome = .payment, state: MailState = .settled, identity: UInt8? = nil,
    ruleDigest: UInt8? = nil, copyOf: MailID? = nil
) -> MailReading {
    MailReading(
        outcome: outcome, state: state, rule: RuleID("garanti-bbva/incoming-transfer"),
        ruleDigest: ruleDigest.map { [UInt8](repeating: $0, count: 32) },
        trust: TrustVerdict(.verified, by: "dkim garantibbva.com.tr"),
        identity: identity.map { [UInt8](repeating: $0, count: 32) }, reasons: [.codeExact],
        explanation: "fits", copyOf: copyOf)
}

func notice(_ minor: Int64 = 125_000, transactionID: String? = nil) -> PaymentNotice {
    PaymentNotice(
        amount: lira(minor), payer: "ELİF KARACA", description: "gala KTF6HV349", occurredAt: noon,
        timeFrom: .body, transactionID: transactionID, senderIBAN: "TR330006100519786457841326",
        receivingAccount: "1234 **** 56")
}

extension LedgerTransaction {
    @discardableResult
    func recordMail(
        _ uid: UInt32, _ read: MailReading = reading(), raw: [UInt8]? = Array("raw".utf8)
    ) throws -> MailID {
        try record(
            read, at: place(uid), sha256: Digest.sha256(Array("\(uid)".utf8)), raw: raw,
            sizeBytes: 3, receivedAt: noon, now: noon)
    }

    /// A mail and its payment, received.
    func recordReceived(_ uid: UInt32, _ minor: Int64 = 125_000) throws -> PaymentID {
        let payment = try recordUnreceived(uid, minor)
        try receive(payment, at: noon)
        return payment
    }

    func recordUnreceived(
        _ uid: UInt32, _ minor: Int64 = 125_000, state: PaymentState = .received
    ) throws -> PaymentID {
        try record(
            notice(minor), of: try recordMail(uid), movement: 1,
            rule: RuleID("garanti-bbva/incoming-transfer"), trust: .verified,
            verdict: Verdict(.approve, reasons: [.codeExact, .amountEqual]), state: state)
    }
}

/// The cause of the ledger's error that `body` throws, or nil.
func cause<T>(_ body: () throws -> T) -> LedgerError.Cause? {
    do {
        _ = try body()
        return nil
    } catch {
        return (error as? LedgerError)?.cause
    }
}
