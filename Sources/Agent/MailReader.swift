// SPDX-License-Identifier: Apache-2.0

internal import Cryptography
internal import Domain
package import FoundationEssentials
package import Mail
package import Rules

/// The first half of a payment's life: from bytes to what they say. A pure function of bytes,
/// rules, keys and the time of arrival, so that it may run for many mails at once.
///
/// A mail of a person may carry notices that the person passed on. Attached as mails they are read
/// as if they had come themselves, each with its own signature; in the text they are read too, but
/// nothing proves them.
///
/// Receipts come as PDFs too. They are opened for senders that a rule knows, and for nobody else: a
/// stranger cannot make us open his.
package struct MailReader: Sendable {
    private(set) var rules: RuleBook
    private(set) var inForce: RulesInForce?
    let authenticator: Authenticator
    private let readPDF: @Sendable (PDFAttachment) -> PDFText

    /// - Parameters:
    ///   - rules: the rule files in force.
    ///   - authenticator: checks where a mail comes from.
    ///   - readPDF: the text of an attached PDF; blocks until it is there, called from several
    ///     threads. Without it every PDF is unreadable.
    package init(
        rules: RuleBook, authenticator: Authenticator,
        readPDF: @escaping @Sendable (PDFAttachment) -> PDFText = { _ in .unreadable }
    ) {
        self.rules = rules
        self.authenticator = authenticator
        self.readPDF = readPDF
    }

    /// The same reader with rules that may be replaced: each mail is read with those that are in
    /// force when its turn comes.
    package func following(_ inForce: RulesInForce) -> MailReader {
        var reader = self
        reader.inForce = inForce
        return reader
    }

    /// With the rules of this moment, for one mail.
    var pinned: MailReader {
        var reader = self
        reader.rules = inForce?.book ?? rules
        reader.inForce = nil
        return reader
    }

    /// Which rules a mail would be read with now.
    var ruleDigest: [UInt8] { pinned.rules.digestBytes }

    /// What the mail says. Never fails: what cannot be read is said to be so.
    ///
    /// - Parameters:
    ///   - receivedAt: when the mail came, if the mailbox knows; else the mail's own date counts.
    ///   - isTruncated: the bytes are only the beginning of a mail that is too large, or none of a
    ///     mail that the server did not hand out.
    ///   - keys: answers for `keyNames`.
    package func read(
        _ raw: [UInt8], receivedAt: Date?, isTruncated: Bool, keys: (String) -> KeyAnswer
    ) -> MailFindings {
        if inForce != nil {
            return pinned.read(raw, receivedAt: receivedAt, isTruncated: isTruncated, keys: keys)
        }
        var findings = MailFindings(of: raw, receivedAt: receivedAt)
        findings.ruleDigest = rules.digestBytes
        guard !isTruncated || !raw.isEmpty else {
            findings.reasons = [.mailNotGiven]
            findings.explanation = "the mail server did not hand the mail out"
            return findings
        }
        let message: Message
        do throws(MailError) {
            message = try MessageParser.parse(raw)
        } catch {
            findings.reasons = [.mailBroken]
            findings.explanation = error.description
            return findings
        }
        findings.messageID = message.messageID
        if receivedAt == nil, let date = message.date { findings.receivedAt = date }
        guard !isTruncated else {
            findings.reasons = [.mailTooLarge]
            findings.explanation =
                "the mail is larger than the limit; only its beginning was fetched"
            return findings
        }
        let opener = PDFOpener(readPDF)
        judge(message, raw, &findings, opener, keys)
        if findings.outcome == .unread { readConfirmation(message, raw, &findings, keys) }
        if findings.outcome == .unread { readAttached(of: message, &findings, opener, keys) }
        if findings.outcome == .unread, findings.attached.isEmpty {
            readForwardedByHand(message, &findings, opener)
        }
        tellOfUnread(message, &findings)
        return findings
    }

    /// What one mail says by itself, and how far it may be believed.
    private func judge(
        _ parsed: Message, _ raw: [UInt8], isAttached: Bool = false,
        _ findings: inout MailFindings, _ opener: PDFOpener, _ keys: (String) -> KeyAnswer
    ) {
        var message = parsed
        var content = rules.read(message, receivedAt: findings.receivedAt)
        let authentication = authenticator.authenticate(
            raw, now: findings.receivedAt, rsaBitsMin: content.proof.rsaBitsMin,
            isAttached: isAttached, keys: keys)
        findings.identity = authentication.identity
        findings.trust = authentication.trust(
            alignedWith: content.domains, from: message.from,
            fromFieldCount: message.fromFieldCount)
        // A forgery goes to a person whatever its PDF says.
        if findings.trust.trust != .forged, !message.pdfs.isEmpty, !content.domains.isEmpty {
            message = message.reading(pdfsWith: opener.text)
            content = rules.read(message, receivedAt: findings.receivedAt)
        }
        findings.take(content)
        findings.notes = message.notes
        findings.explainNotes()
        if !content.proof.holds(for: findings.trust) {
            findings.trust = TrustVerdict(.unverified, by: findings.trust.by)
            findings.explanation += "; its rule asks for another proof"
        }
        if content.imitates != nil { findings.trust = TrustVerdict(.forged) }
        // A sender with a rule may pass on what another one wrote, and only signs that he did.
        if !content.notices.isEmpty, Self.quotes(message) {
            findings.trust = TrustVerdict(.unverified, by: "forwarded by hand")
            findings.reasons.insert(.forwardedByHand, at: 0)
            findings.explanation = "forwarded by hand: \(findings.explanation)"
        }
        if findings.outcome != .unread, findings.trust.trust.allowsAutomaticApproval {
            findings.copyMarks = CopyMarks(parsed, raw)
            findings.copyMarks?.signed = authentication.signedContent
        }
        // A stranger who writes in a bank's name is no sign that the bank writes otherwise.
        if !findings.trust.trust.allowsAutomaticApproval { findings.nearMiss = nil }
        if findings.nearMiss != nil { findings.sample = rules.anonymized(message) }
        if !content.domains.isEmpty, let sender = message.from.first {
            findings.policy = DMARC.finding(for: sender.domain, answers: keys)
        }
        if findings.trust.trust == .verified,
            authentication.provesRecipients(alignedWith: content.domains)
        {
            findings.recipients = message.to.map(\.address)
        }
        if findings.rule != nil, authentication.leavesDateOpen {
            findings.explanation += "; its signature leaves the date open"
        }
        let isWorthWaiting = findings.outcome != .unread && findings.outcome != .notAPayment
        guard isWorthWaiting, !findings.trust.trust.allowsAutomaticApproval else {
            findings.disposition = .settle
            return
        }
        let (domains, from) = (content.domains, message.from)
        findings.doubtedKeys = authentication.doubtedKeys(alignedWith: domains, from: from)
        let needsKey = authentication.needsKey(alignedWith: domains, from: from)
        findings.disposition = needsKey ? .hold : .settle
    }

    /// Whether Gmail asks here for the code of a forwarding that somebody is setting up. Only a
    /// mail that Google signed may bring a code before the operator's eyes.
    private func readConfirmation(
        _ message: Message, _ raw: [UInt8], _ findings: inout MailFindings,
        _ keys: (String) -> KeyAnswer
    ) {
        guard let confirmation = ForwardingConfirmation(message) else { return }
        let authentication = authenticator.authenticate(raw, now: findings.receivedAt, keys: keys)
        let trust = authentication.trust(
            alignedWith: [ForwardingConfirmation.domain], from: message.from,
            fromFieldCount: message.fromFieldCount)
        findings.trust = trust
        guard trust.trust.allowsAutomaticApproval else {
            let domains = [ForwardingConfirmation.domain]
            findings.doubtedKeys = authentication.doubtedKeys(
                alignedWith: domains, from: message.from)
            if authentication.needsKey(alignedWith: domains, from: message.from) {
                findings.disposition = .hold
            }
            return
        }
        findings.outcome = .notAPayment
        findings.reasons = [.forwardingConfirmation]
        findings.explanation =
            "not_a_payment (forwarding_confirmation): Gmail's code is \(confirmation.code)"
    }

    // MARK: - Attached mails

    /// Reads the attached mails. When rules know one of them, all become mails of their own, and
    /// who sent them along no longer matters; else the mail stays what it is.
    private func readAttached(
        of message: Message, _ findings: inout MailFindings, _ opener: PDFOpener,
        _ keys: (String) -> KeyAnswer
    ) {
        let read = Self.attachedMails(of: message).map { message, raw in
            var part = MailFindings(of: raw, receivedAt: findings.receivedAt)
            part.messageID = message.messageID
            judge(message, raw, isAttached: true, &part, opener, keys)
            if part.outcome == .unread { readForwardedByHand(message, &part, opener) }
            return MailFindings.Attached(raw: raw, findings: part)
        }
        guard read.contains(where: { $0.findings.outcome != .unread }) else { return }
        findings.attached = read
        findings.imitates = nil
        findings.trust = TrustVerdict(.unverified)
        findings.explanation = "a mail with \(read.count) attached"
        if message.notes.contains(.truncated) {
            // Those that were left out may be payments.
            findings.outcome = .unclear
            findings.reasons = [.mailTooLarge]
            findings.explanation += ", and more that were not read"
        }
    }

    /// The mails attached to a mail; of one that carries others itself, those others as well.
    static func attachedMails(of message: Message) -> [(Message, [UInt8])] {
        zip(message.inner, message.innerRaw).flatMap { inner, raw in
            [(inner, raw)] + attachedMails(of: inner)
        }
    }

    // MARK: - Forwarded by hand

    /// Reads what a person passed on in the text. It is never proven, so it ends with a person, but
    /// with the right registration proposed.
    private func readForwardedByHand(
        _ message: Message, _ findings: inout MailFindings, _ opener: PDFOpener
    ) {
        let readings = forwardedByHand(message, findings.receivedAt, opener).map(\.reading)
        let known = readings.filter { $0.outcome != .unread }
        if let first = known.first {
            findings.take(first)
            findings.trust = TrustVerdict(.unverified, by: "forwarded by hand")
            findings.reasons.insert(.forwardedByHand, at: 0)
            findings.explanation = "forwarded by hand: \(first.explanation)"
            if known.count(where: { !$0.notices.isEmpty }) > 1 {
                findings.outcome = .unclear
                findings.movements = []
                findings.reasons = [.forwardedByHand, .mailUnclear]
                findings.explanation = "several notices forwarded by hand in one text"
            }
            findings.explainNotes()
        } else if let imitation = readings.first(where: { $0.imitates != nil }) {
            findings.take(imitation)
            findings.trust = TrustVerdict(.forged)
        }
    }

    /// What rules make of the mails that a person passed on in the text, the innermost first.
    private func forwardedByHand(
        _ message: Message, _ receivedAt: Date, _ opener: PDFOpener
    ) -> [(message: Message, reading: Reading)] {
        // Who poses as a bank does not become a person by quoting one.
        guard message.from.count == 1, message.fromFieldCount == 1,
            rules.read(Message(from: message.from, subject: ""), receivedAt: receivedAt).imitates
                == nil
        else { return [] }
        return Self.forwarded(in: message).map { message in
            let whole = opened(addressed(message, receivedAt), opener)
            return (whole, rules.read(whole, receivedAt: receivedAt))
        }
    }

    /// A heading may have the name of a bank and no address: then it is read as a mail of the bank
    /// whose name it is.
    private func addressed(_ message: Message, _ receivedAt: Date) -> Message {
        guard let sender = message.from.first, sender.domain.isEmpty,
            let rule = rules.read(message, receivedAt: receivedAt).imitates,
            let address = rules.sender(readBy: rule)
        else { return message }
        return Message(
            from: [address], subject: message.subject, date: message.date, bodies: message.bodies,
            attachments: message.attachments, pdfs: message.pdfs, notes: message.notes)
    }

    /// With the text of its PDFs, when a rule is for its sender.
    private func opened(_ message: Message, _ opener: PDFOpener) -> Message {
        let isKnown = message.from.first.map(rules.isFor) ?? false
        return isKnown ? message.reading(pdfsWith: opener.text) : message
    }

    // MARK: - For those who write rules

    /// How a mail came that rules read.
    package enum Way: String, Sendable {
        case itself, attached
        case forwardedByHand = "forwarded_by_hand"
    }

    /// The mails from which `read` takes what it says: the mail itself, or, when no rule is for it,
    /// those that a person passed on with it and that a rule is for.
    package func told(
        by message: Message, receivedAt: Date
    ) -> [(message: Message, way: Way)] {
        let opener = PDFOpener(readPDF)
        let whole = opened(message, opener)
        func isRead(_ message: Message) -> Bool {
            rules.read(message, receivedAt: receivedAt).outcome != .unread
        }
        func passedOn(_ message: Message) -> Message? {
            forwardedByHand(message, receivedAt, opener).first { $0.reading.outcome != .unread }?
                .message
        }
        if isRead(whole) { return [(whole, .itself)] }
        let attached = Self.attachedMails(of: message).compactMap {
            inner, _ -> (Message, Way)? in
            let inner = opened(inner, opener)
            return isRead(inner) ? (inner, .attached) : passedOn(inner).map { ($0, .attached) }
        }
        if !attached.isEmpty { return attached }
        return passedOn(message).map { [($0, .forwardedByHand)] } ?? [(whole, .itself)]
    }

    static func quotes(_ message: Message) -> Bool {
        message.bodies.contains { body in
            (body.source == .plain || body.source == .html)
                && !ForwardedBlock.all(in: body.text).isEmpty
        }
    }

    /// The forwarded mails in the text, the innermost first: what a bank wrote is quoted by all who
    /// passed it on. Text and HTML say the same in two ways and are read together. What is attached
    /// goes with each of them: nothing says whose it was.
    private static func forwarded(in message: Message) -> [Message] {
        let texts = message.bodies.compactMap { body -> (BodyText.Source, [ForwardedBlock])? in
            guard body.source == .plain || body.source == .html else { return nil }
            return (body.source, ForwardedBlock.all(in: body.text).reversed())
        }
        let attached = message.bodies.filter { body in
            if case .attachment = body.source { true } else { false }
        }
        let depth = texts.map(\.1.count).max() ?? 0
        return (0..<depth).flatMap { level in
            let blocks = texts.compactMap { source, blocks in
                level < blocks.count ? (source, blocks[level]) : nil
            }
            guard let (_, first) = blocks.first else { return [Message]() }
            let same = blocks.filter { $0.1.sender.address == first.sender.address }
            return [
                Message(
                    from: [first.sender],
                    subject: first.subject ?? ForwardedBlock.subject(ofForward: message.subject),
                    date: first.date,
                    bodies: same.map { BodyText(source: $0.0, text: $0.1.text) } + attached,
                    attachments: message.attachments, pdfs: message.pdfs, notes: message.notes)
            ]
        }
    }
}

extension RequiredProof {
    /// Whether a rule that asks for this is content with what was found.
    fileprivate func holds(for verdict: TrustVerdict) -> Bool {
        if needsSignature, verdict.trust == .vouched { return false }
        guard let forwarders, let by = verdict.by, by.hasPrefix("arc ") else { return true }
        return forwarders.contains { by.hasPrefix("arc \($0) ") }
    }
}
