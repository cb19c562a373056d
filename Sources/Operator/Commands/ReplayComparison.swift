// SPDX-License-Identifier: Apache-2.0

internal import Agent
internal import Cryptography
internal import Domain
internal import FoundationEssentials
internal import Ledger
internal import Mail
internal import Mailbox
internal import Matching
internal import Rules

/// One pass over saved mail with two rule sets, each with a ledger of its own.
struct ReplayComparison: Sendable {
    /// What came of it.
    struct Result: Sendable {
        var mails = 0
        var unreadableFiles = 0
        var counts: [ReplayDifference.Change: Int] = [:]
        var different = 0

        func text(_ manner: Manner) -> String {
            let kinds = ReplayDifference.Change.allCases.compactMap { change in
                counts[change].map { "\($0) \(ReplayDifference.name(change, manner))" }
            }
            return manner.painted(
                manner.pick(
                    "\(mails) \(mails == 1 ? "mail" : "mails"), "
                        + "\(different) \(different == 1 ? "differs" : "differ")",
                    "\(mails) e-posta, \(different) tanesi farklı"), .bold)
                + (kinds.isEmpty ? "" : ": " + kinds.joined(separator: ", "))
        }
    }

    /// Mails that are read and settled in one go.
    private static let lotMails = 64

    let before: Replay
    let after: Replay
    let json: Bool
    let manner: Manner
    /// Where differences go, as they are found.
    let write: @Sendable (String) -> Void

    /// A replay with a ledger that knows the registrations.
    static func replay(
        rules: RuleBook, like command: ReplayCommand,
        keys: @escaping @Sendable (String) -> KeyAnswer
    ) throws -> Replay {
        let ledger = try LedgerDatabase.temporary(masterKey: .random())
        if let path = command.registrations {
            let entries = try RegistrationFile.load(path, prefixes: [:], now: Date())
            _ = try ledger.write { try RegistrationImport.insert(entries, path: path, in: $0) }
        }
        return Replay(
            reader: MailReader(
                rules: rules,
                authenticator: Authenticator(
                    trustedAuthserv: command.trustAuthserv,
                    trustedForwarders: command.trustForwarder),
                readPDF: PDFProgram.reader()),
            pipeline: PaymentPipeline(matcher: Matcher(policy: command.own.policy)),
            ledger: ledger, now: Date(), keys: keys)
    }

    func run(_ paths: [String]) async throws -> Result {
        var result = Result()
        for path in paths { try await run(path, &result) }
        return result
    }

    private func run(_ path: String, _ result: inout Result) async throws {
        var mailbox: SavedMailbox
        do throws(MailboxError) {
            mailbox = try SavedMailbox(path: path)
        } catch {
            Terminal.error("mutabik: \(path): " + manner.language.text(of: error))
            result.unreadableFiles += 1
            return
        }
        let bar = ProgressBar(total: mailbox.totalBytes)
        defer { bar.clear() }
        while true {
            var mails: [SavedMail] = []
            while mails.count < Self.lotMails {
                do throws(MailboxError) {
                    guard let mail = try mailbox.next() else { break }
                    mails.append(mail)
                } catch {
                    Terminal.error("mutabik: \(path): " + manner.language.text(of: error))
                    result.unreadableFiles += 1
                }
            }
            guard !mails.isEmpty else { return }
            let output = try await compare(mails, &result)
            bar.clear()
            write(output)
            bar.advance(to: mails.last?.bytesReadSoFar ?? 0, mails: result.mails)
        }
    }

    private func compare(_ mails: [SavedMail], _ result: inout Result) async throws -> String {
        async let before = before.settle(before.read(mails))
        async let after = after.settle(after.read(mails))
        let (old, new) = (Self.byMail(try await before), Self.byMail(try await after))
        var output = ""
        for mail in mails {
            result.mails += 1
            guard let difference = ReplayDifference(old[mail.label] ?? [], new[mail.label] ?? [])
            else { continue }
            result.different += 1
            for change in difference.changes { result.counts[change, default: 0] += 1 }
            output += (json ? difference.json.finished : difference.text(manner)) + "\n"
        }
        return output
    }

    private static func byMail(_ reports: [MailReport]) -> [String: [MailReport]] {
        Dictionary(grouping: reports, by: \.source)
    }
}
