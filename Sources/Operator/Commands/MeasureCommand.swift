// SPDX-License-Identifier: Apache-2.0

internal import Agent
internal import ArgumentParser
internal import Domain
internal import FoundationEssentials
internal import Mail
internal import Mailbox

/// For `scripts/bench`: saved mails through the parser and the signature check, and no further, on
/// one thread. It is a stage of what `replay` does, called in the same way.
struct MeasureCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "measure", abstract: "Parses saved mail and checks its signatures.",
        shouldDisplay: false)

    @Option(help: "DKIM keys: selector._domainkey.domain, a tab, the TXT record. DNS is not asked.")
    var dkimKeys: String

    @Argument(help: "A saved mailbox.")
    var path: String

    func run() throws {
        let ring = KeyRing(file: try KeyFile.read(dkimKeys), resolver: nil)
        let authenticator = Authenticator(trustedAuthserv: nil)
        var mailbox = try SavedMailbox(path: path)
        var (mails, texts, textBytes, proven) = (0, 0, 0, 0)
        while let mail = try mailbox.next() {
            mails += 1
            guard let message = try? MessageParser.parse(mail.raw) else { continue }
            texts += message.bodies.count
            textBytes += message.bodies.reduce(0) { $0 + $1.text.utf8.count }
            let authentication = authenticator.authenticate(
                mail.raw, now: message.date ?? Date(timeIntervalSince1970: 0),
                keys: { ring.answer($0) })
            if authentication.signatures.contains(where: { $0.outcome == .pass }) { proven += 1 }
        }
        var line = JSONLine()
        line.put("mails", mails)
        line.put("texts", texts)
        line.put("text_bytes", textBytes)
        line.put("proven", proven)
        Terminal.line(line.finished)
    }
}
